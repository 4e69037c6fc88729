"""Ten minutes of hostile load, beside people who work."""

import concurrent.futures
import contextlib
import datetime
import itertools
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

import httpx
import pytest

from conftest import running
from harness import tokens
from harness.bookings import booking
from harness.client import Person
from harness.waiting import wait_until

from .figures import keep
from .watching import Watch, percentile

SECONDS = float(os.environ.get("CONVENE_SOAK_SECONDS", 600))
COUNSELORS = 10
DESCRIPTORS = 1024
MOST_MEMORY = 400  # megabytes
OLD_EVENTS = 20_000


class Counselor(Person):
    """Somebody who books, looks at what they booked, and cancels some of it, for as long as they are let."""

    def __init__(self, server, email, student, mentor, first_hour):
        super().__init__(server, email)
        self.student, self.mentor = student, mentor
        self._hours = itertools.count(first_hour)
        self.seconds, self.failures = [], []

    def _time(self):
        day = datetime.datetime.now(datetime.UTC).replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=2)
        return (day + datetime.timedelta(hours=next(self._hours))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _ask(self, expected, method, path, **more):
        began = time.monotonic()
        try:
            answer = self.request(method, path, **more)
        except httpx.HTTPError as error:
            self.failures.append(f"{method} {path}: {type(error).__name__}")
            return None
        self.seconds.append(time.monotonic() - began)
        if answer.status_code != expected:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            return None
        return answer.json()

    def work(self, ended):
        for number in itertools.count():
            if ended.wait(0.5):
                return
            wanted = booking("regular_mentoring", self._time(), self.student, self.mentor)
            made = self._ask(
                201, "POST", "/api/counselor/sessions/book", json=wanted,
                headers={"Idempotency-Key": f"{self.email}-{number}"})
            if made:
                self._ask(200, "GET", f"/api/counselor/sessions/{made['sessionId']}")
            self._ask(200, "GET", "/api/counselor/sessions?limit=20")


@contextlib.contextmanager
def limited_world():
    """A server that may open 1,024 files, with ten counselors and a feed of old events."""
    with running("hostile", start=False, CONVENE_SIGNING_KEY=tokens.SIGNING_KEY) as world:
        world.server.runner = ["prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"]
        world.server.start()
        yield world


def counselors(world):
    postgresql, organization = world.postgresql, world.demo.id
    people = postgresql.add_people(organization, "counselor", COUNSELORS)
    students = postgresql.add_people(organization, "student", COUNSELORS, units=100_000)
    mentors = postgresql.add_people(organization, "mentor", COUNSELORS)
    listed = ",".join(f"'{person}'" for person in people)
    postgresql.run(f"""
        INSERT INTO user_passwords (user_id, hash)
        SELECT p, (SELECT hash FROM user_passwords JOIN users ON users.id = user_id
                   WHERE email = 'counselor@demo.example')
        FROM unnest(ARRAY[{listed}]::uuid[]) p""")
    return [Counselor(world.server, f"{person}@people.example", student, mentor, 0)
            for person, student, mentor in zip(people, students, mentors)]


def after_everybody_else():
    """Whoever attacks has a processor of their own, and here they share the server's two: they get what is left."""
    os.nice(10)
    with contextlib.suppress(OSError):  # where the kernel groups processes by session, the group counts
        pathlib.Path("/proc/self/autogroup").write_text("10")


def fill_feed(world):
    world.postgresql.run(f"""
        INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload)
        SELECT gen_random_uuid(), '{world.demo.id}', gen_random_uuid(), 'note', '{{"text": "{"x" * 300}"}}'
        FROM generate_series(1, {OLD_EVENTS})""")
    waiting = "SELECT count(*) FROM outbox_events"
    wait_until(lambda: world.postgresql.value(waiting) == 0, within=120, what="the events to be told", every=0.5)


@pytest.mark.soak
@pytest.mark.timeout(SECONDS + 600)
def test_people_work_on_while_everything_hostile_is_done_at_once():
    with limited_world() as world:
        people = counselors(world)
        fill_feed(world)
        for person in people:
            person.token  # noqa: B018  signed in before it begins, and again whenever it is time
        victim = tokens.sign_in(world.postgresql, world.demo.counselor2.id)
        world.simulators.fault("zoom", "slow", "create", delayMs=30_000)
        ended = threading.Event()
        with Watch(world.server) as watch, concurrent.futures.ThreadPoolExecutor(COUNSELORS) as pool:
            working = [pool.submit(person.work, ended) for person in people]
            attack = subprocess.run(
                [sys.executable, pathlib.Path(__file__).parent / "hostile.py", str(world.server.port), str(SECONDS),
                 victim.token, victim.cookie], capture_output=True, text=True, timeout=SECONDS + 60,
                start_new_session=True, preexec_fn=after_everybody_else)
            ended.set()
            for each in working:
                each.result(60)
        world.simulators.heal()
        report(world, watch, people, json.loads(attack.stdout))

        failures = [failure for person in people for failure in person.failures]
        assert world.server.alive, world.server.tail()
        assert failures == [], f"{len(failures)} requests of people who work failed"
        assert watch.missed == [] and max(watch.health) < 1, "somebody who asks for health is answered within a second"
        assert watch.most_memory < MOST_MEMORY
        wait_until(
            lambda: httpx.get(f"{world.server.url}/ready", timeout=5).status_code == 200, within=60, what="readiness")
        world.invariants()


def report(world, watch, people, attack):
    seconds = [each for person in people for each in person.seconds]
    failures = [failure for person in people for failure in person.failures]
    kinds = sorted({failure.split(" ", 3)[2][:40] for failure in failures})
    rows = [("seconds", f"{SECONDS:.0f}"), ("descriptors that the server may open", f"{DESCRIPTORS:,}")]
    rows += [(kind, f"{count:,}") for kind, count in sorted(attack.items())]
    rows += [
        (f"requests of {COUNSELORS} counselors", f"{len(seconds):,}"),
        ("of them failed", f"{len(failures)}" + (f" ({', '.join(kinds)})" if kinds else "")),
        ("their latency, p50 / p99 / slowest",
         " / ".join(f"{share * 1000:.0f} ms" for share in (
             percentile(seconds, 0.5), percentile(seconds, 0.99), max(seconds))) if seconds else "none"),
        ("questions for health, and how many were missed", f"{len(watch.health):,}, {len(watch.missed)}"),
        ("slowest answer to them", f"{max(watch.health) * 1000:.0f} ms"),
        ("memory, most / at the end", f"{watch.most_memory:.0f} MB / {watch.memory[-1][1]:.0f} MB"),
        ("the server lived on", "yes" if world.server.alive else f"no ({world.server.running.returncode})"),
    ]
    keep("hostile-load", f"Hostile load for {SECONDS:.0f} s.", rows)
