#!/usr/bin/env python3
"""Measures a release build of the server and writes the figures into docs/benchmarks.md. Run it by `make bench`."""

import argparse
import datetime
import itertools
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
os.environ.setdefault("CONVENE_BINARY", str(ROOT / ".build/release/convene"))
os.environ.setdefault("CONVENE_TEST_LOGS", str(ROOT / ".build/benchmark-logs"))
sys.path.insert(0, str(ROOT / "Tests/System"))

import endpoints  # noqa: E402
import httpx  # noqa: E402

from harness.client import Organization  # noqa: E402
from harness.database import DATABASE, OWNER, PostgreSQL  # noqa: E402
from harness.processes import Server, Simulators  # noqa: E402

PAGE = ROOT / "docs/benchmarks.md"
PAIRS = 10_000  # of a mentor and a student, each pair with one slot an hour
MOST_A_SECOND = 6000  # bookings that one run may make before it would meet the next run's slots
CLIENTS = 16
DAY_ZERO = int(datetime.datetime.combine(
    datetime.date.today() + datetime.timedelta(days=2), datetime.time(), datetime.UTC).timestamp())


class Bench:
    """A server with its own cluster and simulators, and free slots that are handed out by number."""

    def __init__(self, arguments):
        self.seconds = arguments.seconds
        self.simulators = Simulators("bench-simulators").start()
        self.server = Server("bench-server", self.simulators, CONVENE_LOG_LEVEL="warning")
        self.cold = self.started()
        self.person = Organization(self.server, "demo").counselor
        self.postgresql = PostgreSQL(self.server.data)
        self.numbers = 0
        self.runs = itertools.count()
        self.prepare()

    def started(self, roles="web,worker"):
        """Seconds from the command to the first answer."""
        if self.server.alive:
            self.server.stop()
        began = time.perf_counter()
        self.server.start(ready=False, CONVENE_ROLES=roles)
        while True:
            try:
                if httpx.get(f"{self.server.url}/ready", timeout=1).status_code == 200:
                    return time.perf_counter() - began
            except httpx.TransportError:
                pass
            assert self.server.alive, self.server.tail()

    def sql(self, file, **variables):
        settings = "".join(f"\\set {name} {value}\n" for name, value in variables.items())
        subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", *self.address],
            input=settings + (HERE / file).read_text(), text=True, check=True)

    @property
    def address(self):
        """Where the database is, as PostgreSQL's programs are told of it."""
        _, port, socket = self.postgresql.postmaster
        return ["--host", socket, "--port", str(port), "--username", OWNER, DATABASE]

    def prepare(self):
        self.sql(
            "prepare.sql", organization=self.person.organization, counselor=self.person.id, sign_in=uuid.uuid4(),
            pairs=PAIRS, day_zero=DAY_ZERO)
        self.sql("function.sql")
        self.postgresql.run("VACUUM ANALYZE")

    def take(self, count):
        """The first of `count` numbers whose slots are free."""
        first, self.numbers = self.numbers, self.numbers + count
        return first

    def wrk(self, connections=CLIENTS, seconds=None):
        seconds = seconds or self.seconds
        threads = min(2, connections)
        environment = {
            "BENCH_FIRST": str(self.take(seconds * MOST_A_SECOND)), "BENCH_PAIRS": str(PAIRS), "BENCH_THREADS": str(threads),
            "BENCH_DAY_ZERO": str(DAY_ZERO), "BENCH_TOKEN": self.person.token, "BENCH_RUN": f"run{next(self.runs)}",
        }
        command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
                   "-s", str(HERE / "book.lua"), self.server.url]
        costs = endpoints.Costs(self)
        output = subprocess.run(
            command, env=os.environ | environment, check=True, capture_output=True, text=True).stdout
        result = json.loads(re.search(r"^RESULT (.*)$", output, re.MULTILINE)[1])
        assert result["refused"] == result["broken"] == 0, result
        result["rate"] = result["requests"] / result["microseconds"] * 1e6
        result["cost"] = costs.of(result["requests"])
        return result

    def pgbench(self):
        """Bookings a second. As convene_app, through the same socket and under the same row-level security."""
        first = self.take(self.seconds * MOST_A_SECOND)
        command = [
            "pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
            f"--time={self.seconds}", "--file=-", "-D", f"first={first}", "-D", "step=0", "-D", f"clients={CLIENTS}", *self.address]
        output = subprocess.run(
            command, input=(HERE / "book.pgbench.sql").read_text(), text=True, check=True, capture_output=True, cwd="/",
            env=os.environ | {"PGOPTIONS": "-c role=convene_app"}).stdout
        return float(re.search(r"^tps = ([\d.]+)", output, re.MULTILINE)[1])

    def settle(self):
        """Lets nothing of what was booked be provisioned from here on: each round measures booking alone."""
        # With the relay's lock: it deletes events too, in another order.
        self.postgresql.run("""
            SELECT pg_advisory_xact_lock(hashtext('convene relay'));
            UPDATE sagas SET run_at = NULL WHERE run_at IS NOT NULL;
            DELETE FROM outbox_events""")

    def memory(self):
        """Resident megabytes of the server itself; PostgreSQL's processes are not in it."""
        status = pathlib.Path(f"/proc/{self.server.running.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1]) / 1024

    def close(self):
        self.server.stop()
        self.server.remove()
        self.simulators.stop()


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


def throughput(bench, rounds):
    """Interleaved, so that whatever else the machine does meets both; each goes first in half of the rounds.

    Without the worker's role: pgbench provisions no meetings either.
    """
    bench.started(roles="web")
    bench.wrk(seconds=3)  # connections open, statements prepared, caches warm
    ours, theirs, costs = [], [], []
    for round_ in range(rounds):
        for side in ("wrk", "pgbench") if round_ % 2 == 0 else ("pgbench", "wrk"):
            bench.settle()
            if side == "wrk":
                run = bench.wrk()
                ours.append(run["rate"])
                costs.append(run["cost"])
            else:
                theirs.append(bench.pgbench())
        say(f"round {round_ + 1}: {ours[-1]:.0f} through the server, {theirs[-1]:.0f} by pgbench")
    return {
        "server": statistics.median(ours), "pgbench": statistics.median(theirs),
        "ratio": statistics.median(a / b for a, b in zip(ours, theirs)),
        "ratios": [a / b for a, b in zip(ours, theirs)],
        "cost": [statistics.median(each) for each in zip(*costs)],
    }


def latency(bench, rounds):
    runs = []
    for _ in range(rounds):
        bench.settle()
        runs.append(bench.wrk(connections=10))
    return {name: statistics.median(run[name] for run in runs) / 1000 for name in ("p50", "p99")}


def measure(arguments):
    bench = Bench(arguments)
    try:
        found = {"cold": bench.cold}
        say(f"cold start {bench.cold:.2f} s")
        found["warm"] = statistics.median(bench.started() for _ in range(5))
        found["idle"] = bench.memory()
        say(f"warm start {found['warm']:.2f} s, idle {found['idle']:.0f} MB")
        found["throughput"] = throughput(bench, arguments.rounds)
        bench.started()
        found["quick"] = latency(bench, 3)
        bench.simulators.fault("zoom", "slow", delayMs=30_000)
        found["slow"] = latency(bench, 3)
        bench.simulators.heal()
        say(f"latency in ms: {found['quick']}, with slow providers {found['slow']}")
        booked = 0
        while booked < arguments.bookings:
            bench.settle()
            booked += bench.wrk()["requests"]
        found["booked"], found["loaded"] = booked, bench.memory()
        say(f"{found['loaded']:.0f} MB after another {booked} bookings")
        bench.settle()
        day = datetime.date.today() + datetime.timedelta(days=2)
        found["endpoints"] = endpoints.measure(bench, day, day + datetime.timedelta(days=1))
        say(f"milliseconds of server and PostgreSQL: {found['endpoints']}")
        found["growth"] = growth(bench, arguments.rows)
        return found
    finally:
        bench.close()


def growth(bench, sizes):
    """Latency with so many sessions in the tables, from the smallest size on."""
    clear = ", ".join([
        "regular_mentoring_sessions", "calendar_slots", "service_holds", "sagas", "provider_calls", "meetings",
        "manual_interventions", "outbox_events", "event_feed", "idempotency_keys"])
    bench.started(roles="web")  # what works in the background holds rows of several of these tables at once
    bench.postgresql.run(f"TRUNCATE {clear} CASCADE; UPDATE contract_entitlements SET held = 0")
    bench.started()
    found = {}
    for rows in sorted(sizes):
        bench.sql("grow.sql", rows=rows, pairs=PAIRS, day_zero=DAY_ZERO)
        bench.wrk(connections=10, seconds=3)
        found[rows] = latency(bench, 3)
        say(f"{rows} sessions: {found[rows]}")
    return found


def page(found, arguments):
    through = found["throughput"]
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine())
    version = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    lines = [
        f"{datetime.date.today()}, commit {version.strip() or 'unknown'}, {os.cpu_count()} cores of {cpu}, load"
        f" generator and database on the same machine; {arguments.rounds} rounds of {arguments.seconds} s.",
        "",
        "| | |", "|---|---|",
        f"| bookings a second through the server, {CLIENTS} connections | {through['server']:,.0f} |",
        f"| the same by pgbench, {CLIENTS} clients | {through['pgbench']:,.0f} |",
        f"| ratio (median of the rounds; {min(through['ratios']):.2f} to {max(through['ratios']):.2f}) |"
        f" {through['ratio']:.2f} |",
        f"| processor time a booking, server / PostgreSQL | {through['cost'][0]:.2f} ms / {through['cost'][1]:.2f} ms |",
        f"| latency with 10 connections, p50 / p99 | {found['quick']['p50']:.1f} ms / {found['quick']['p99']:.1f} ms |",
        "| the same while the provider takes 30 s |"
        f" {found['slow']['p50']:.1f} ms / {found['slow']['p99']:.1f} ms |",
        f"| start to first answer, empty data folder | {found['cold']:.2f} s |",
        f"| start to first answer, used data folder | {found['warm']:.2f} s |",
        f"| memory, idle | {found['idle']:.0f} MB |",
        f"| memory after {found['booked']:,} bookings | {found['loaded']:.0f} MB |",
    ]
    lines += [
        f"| latency with {rows:,} sessions, p50 / p99 | {at['p50']:.1f} ms / {at['p99']:.1f} ms |"
        for rows, at in found["growth"].items()]
    lines += ["", "Processor time of one request, with the sessions that were booked by then:", ""]
    lines += endpoints.table(found["endpoints"])
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10, help="length of one measurement")
    parser.add_argument("--bookings", type=int, default=100_000, help="before memory is read again")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    arguments = parser.parse_args()
    figures = page(measure(arguments), arguments)
    print(figures)
    text = PAGE.read_text()
    before, _, rest = text.partition("<!-- figures -->\n")
    after = rest.partition("<!-- end of figures -->")[2]
    PAGE.write_text(f"{before}<!-- figures -->\n{figures}\n<!-- end of figures -->{after}")


if __name__ == "__main__":
    main()
