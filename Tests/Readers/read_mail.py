"""Reads a mail from standard input and prints what is in it as JSON."""

import json
import sys

import mail_reading

print(json.dumps(mail_reading.read(sys.stdin.buffer.read())))
