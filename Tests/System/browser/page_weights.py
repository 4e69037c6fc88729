"""Weighs pages as a browser gets them, and keeps the table of docs/benchmarks.md."""

import datetime
import os
import re
import subprocess

from harness.processes import ROOT

PAGE = ROOT / "docs/benchmarks.md"
BEGINNING, ENDING = "<!-- pages -->\n", "<!-- end of pages -->"
HEAD = "| page | requests before | kB before | requests | kB | document, style, script, other |\n|---|---|---|---|---|---|\n"
KINDS = ["Document", "Stylesheet", "Script"]

# Runs before the page does.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) shifts.push([value, sources.map(({ node }) => node?.parentElement ? `${node.tagName ?? node.data}.${node.className ?? ""}#${node.id ?? ""}` : "?")]);
}).observe({ type: "layout-shift", buffered: true });
"""

UNTIL_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  if (list.getEntriesByName("first-contentful-paint").length) done();
}).observe({ type: "paint", buffered: true }))"""
SHIFTS = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(shifts))))"


def weigh(page, address):
    """What the first view of an address takes: (kind, bytes with headers) for every request."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds, sizes = {}, {}
    session.on("Network.requestWillBeSent", lambda event: kinds.update({event["requestId"]: event["type"]}))
    # Of an event stream, which does not end, this is all that is told.
    session.on("Network.responseReceived", lambda event: sizes.update({event["requestId"]: event["response"]["encodedDataLength"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return [(kind, sizes.get(number, 0)) for number, kind in kinds.items()]


def shift_while_scripts_are_late(page, address):
    """How far what is seen first moves until all is there (Cumulative Layout Shift), and what moved.

    On a quick machine a page is first painted when its scripts have run; for everybody else, before.
    """
    page.add_init_script(WATCH_SHIFTS)
    held, is_seen = [], False

    def hold(route):
        if is_seen or "theme-boot" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"\.js$"), hold)
    page.goto(address, wait_until="commit")
    page.evaluate(UNTIL_PAINTED)
    is_seen = True
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    shifts = page.evaluate(SHIFTS)
    return sum(value for value, _ in shifts), shifts


def keep(weights):
    """Puts the weights of pages into the table, in the columns that CONVENE_WEIGHT_PUBLISH names: `before` or `now`."""
    columns = os.environ.get("CONVENE_WEIGHT_PUBLISH")
    if columns not in ("before", "now"):
        return
    text = PAGE.read_text()
    before, beginning, rest = text.partition(BEGINNING)
    old, ending, after = rest.partition(ENDING)
    assert beginning and ending, f"{PAGE} has no place for the weights"
    rows = {row[0]: row[1:] for row in re.findall(r"^\| `(.*?)` \| (.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$", old, re.MULTILINE)}
    for name, requests in weights.items():
        row = list(rows.get(name, ("",) * 5))
        total = [str(len(requests)), kilobytes(sum(size for _, size in requests))]
        parts = [kilobytes(sum(size for kind, size in requests if kind == wanted)) for wanted in KINDS]
        parts.append(kilobytes(sum(size for kind, size in requests if kind not in KINDS)))
        row = total + row[2:] if columns == "before" else row[:2] + total + [", ".join(parts)]
        rows[name] = row
    version = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    lines = "".join(f"| `{name}` | {' | '.join(row)} |\n" for name, row in rows.items())
    PAGE.write_text(f"{before}{beginning}{datetime.date.today()}, commit {version}.\n\n{HEAD}{lines}{ending}{after}")


def kilobytes(size):
    return f"{size / 1000:.1f}"
