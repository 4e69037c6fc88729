"""What one request costs at the endpoints that are used most: processor time of the server and of its PostgreSQL.

Time, and not latency: it does not depend on how many ask at once, and shows where a change made something dearer.
"""

import os
import pathlib
import re
import subprocess

import httpx

TICK = os.sysconf("SC_CLK_TCK")
#: Connections that ask at once, so that neither side waits for the other.
CONNECTIONS = 4

#: Those that a program asks, and the pages with what they are filled from.
API = [
    "/api/auth/me", "/api/organizations", "/api/organizations/{organization}",
    "/api/organizations/{organization}/members?role=mentor&limit=50", "/api/organizations/{organization}/groups",
    "/api/organizations/{organization}/branding", "/api/user/preferences",
    "/api/counselor/sessions?limit=50", "/api/counselor/sessions/{session}",
    "/api/availability?users={mentor}&from={day}T00:00:00Z&to={next}T00:00:00Z", "/api/auth/sessions",
]
PAGES = ["/sign-in", "/week", "/sessions", "/sessions/{session}", "/book", "/settings", "/settings/security"]
REST = ["/assets/{asset}", "/health"]


def cpu(pid):
    """Seconds that a process has run, its threads included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def children(pid):
    return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()]


class Costs:
    """Processor time between two moments, by who spent it."""

    def __init__(self, bench):
        self.server = bench.server.running.pid
        self.postmaster = bench.postgresql.postmaster[0]
        self.began = self.now()

    def now(self):
        return {pid: cpu(pid) for pid in [self.server, self.postmaster, *children(self.postmaster)]}

    def of(self, requests):
        """Milliseconds a request, of the server and of PostgreSQL."""
        spent = {pid: seconds - self.began.get(pid, 0) for pid, seconds in self.now().items()}
        server = spent.pop(self.server)
        return server / requests * 1000, sum(spent.values()) / requests * 1000


def ask(url, headers, seconds):
    """How many requests were answered; none may be refused."""
    flags = [flag for name, value in headers.items() for flag in ("-H", f"{name}: {value}")]
    output = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *flags, url], check=True, capture_output=True,
        text=True).stdout
    assert "Non-2xx" not in output and "Socket errors" not in output, f"{url}\n{output}"
    return int(re.search(r"(\d+) requests in", output)[1])


def measure(bench, day, following, seconds=3):
    """Milliseconds of the server and of PostgreSQL for each endpoint, in the order of the table."""
    person = bench.person
    session = person.get("/api/counselor/sessions", params={"limit": 1}).raise_for_status().json()["items"][0]
    browser = httpx.Client(base_url=bench.server.url)
    browser.post("/api/auth/sign-in", json={"email": person.email, "password": "convene-demo"}).raise_for_status()
    sheet = re.search(r'href="/assets/([^"]+)"', httpx.get(f"{bench.server.url}/sign-in").text)[1]
    names = {
        "organization": person.organization, "session": session["sessionId"], "mentor": session["mentorId"],
        "day": day, "next": following, "asset": sheet,
    }
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    found = {}
    for paths, headers in ((API, person.headers), (PAGES, cookie), (REST, {})):
        for path in paths:
            bench.settle()
            # The page of somebody signed in sends them on.
            url, told = bench.server.url + path.format(**names), {} if path == "/sign-in" else headers
            ask(url, told, 1)  # statements prepared, caches warm
            costs = Costs(bench)
            found[path.split("?")[0]] = costs.of(ask(url, told, seconds))
    return found


def table(found):
    return ["| GET | server | PostgreSQL |", "|---|---|---|"] + [
        f"| `{path}` | {server:.2f} ms | {postgresql:.2f} ms |" for path, (server, postgresql) in found.items()]
