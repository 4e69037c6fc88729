"""Reads an SVG from standard input, draws it, and prints the text of every QR code that is found in the drawing."""

import io
import sys

import resvg_py
import zxingcpp
from PIL import Image

drawn = resvg_py.svg_to_bytes(svg_string=sys.stdin.read(), width=600, background="#101010")
for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(bytes(drawn))).convert("RGB")):
    print(code.text)
