"""Keeps what was measured: in .build/soak, and on the page of benchmarks when CONVENE_SOAK_PUBLISH is set."""

import datetime
import json
import os
import subprocess

from harness.processes import BINARY, ROOT

FOLDER = ROOT / ".build/soak"
PAGE = ROOT / "docs/benchmarks.md"


def keep(name, title, rows):
    """`rows` are pairs of what and how much."""
    version = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    kind = "release" if "release" in BINARY.resolve().parts else "debug"
    lines = [
        f"{datetime.date.today()}, commit {version.strip() or 'unknown'}, a {kind} build, {os.cpu_count()} cores. {title}", "",
        "| | |", "|---|---|", *(f"| {what} | {much} |" for what, much in rows)]
    text = "\n".join(lines) + "\n"
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.md").write_text(text)
    (FOLDER / f"{name}.json").write_text(json.dumps(dict(rows), indent=1) + "\n")
    print(text)
    if os.environ.get("CONVENE_SOAK_PUBLISH"):
        before, beginning, rest = PAGE.read_text().partition(f"<!-- {name} -->\n")
        _, ending, after = rest.partition(f"<!-- end of {name} -->")
        assert beginning and ending, f"{PAGE} has no place for {name}"
        PAGE.write_text(f"{before}{beginning}{text}{ending}{after}")
