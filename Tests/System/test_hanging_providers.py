"""A provider that does not answer costs its meetings time, and nobody else anything."""

import statistics
import threading
import uuid

import pytest

from harness.bookings import booking
from harness.waiting import wait_until
from harness.raw_http import post_all

BOOK = "/api/counselor/sessions/book"
HANG = 30_000  # milliseconds
# A transaction that decides between its statements is idle for moments; one that waits for a provider, for seconds.
IDLE = """
    SELECT pid, usename, query, extract(epoch FROM now() - state_change) AS seconds FROM pg_stat_activity
    WHERE state LIKE 'idle in transaction%' AND datname = current_database() AND now() - state_change > interval '1 s'
"""


def bookings(world, count):
    """Bookings of people of their own, so that nothing conflicts."""
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 10)
    students = world.postgresql.add_people(world.demo.id, "student", 10, units=1000)
    return [
        (booking("regular_mentoring", world.times.at(n // 10), students[n % 10], mentors[n % 10]), str(uuid.uuid4()))
        for n in range(count)
    ]


class Sampling:
    """Looks at pg_stat_activity over and over while the block runs."""

    def __init__(self, postgresql):
        self.postgresql = postgresql
        self.found, self.samples = [], 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._over.wait(0.2):
            self.found += self.postgresql.rows(IDLE)
            self.samples += 1

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def test_bookings_are_answered_while_every_provider_hangs(new_world):
    world = new_world()
    quick = post_all(world.server, world.demo.counselor, BOOK, bookings(world, 100), connections=10)
    assert {status for status, _, _ in quick} == {201}
    for provider in ("feishu", "zoom", "teams", "google_meet"):
        world.simulators.fault(provider, "slow", delayMs=HANG)

    with Sampling(world.postgresql) as sampling:
        before = world.postgresql.value("SELECT coalesce(max(intended_at), 'epoch') FROM provider_calls")
        hanging = post_all(world.server, world.demo.counselor, BOOK, bookings(world, 100), connections=10)
        # Every one of them is answered, and not one provider call that began since has been.
        answered = world.postgresql.value(f"""
            SELECT count(*) FROM provider_calls WHERE intended_at > '{before}' AND status = 'succeeded'""")

    assert {status for status, _, _ in hanging} == {201}
    assert answered == 0
    assert sampling.samples > 0 and sampling.found == []
    median = {name: statistics.median(seconds for _, _, seconds in run) for name, run in
              [("quick", quick), ("hanging", hanging)]}
    assert median["hanging"] < 3 * median["quick"], median


@pytest.mark.parametrize("count", [100, pytest.param(400, marks=pytest.mark.soak)])
def test_who_books_elsewhere_does_not_wait_for_a_provider_that_hangs(count, new_world):
    world = new_world()
    world.simulators.fault("zoom", "slow", delayMs=HANG)
    hanging = post_all(
        world.server, world.demo.counselor, BOOK,
        [(wanted | {"meetingProvider": "zoom"}, key) for wanted, key in bookings(world, count)], connections=10)
    assert {status for status, _, _ in hanging} == {201}

    other = world.demo.counselor.book(world.booking(meetingProvider="feishu")).json()["sessionId"]

    # With one line for all it would take a quarter of a minute at least: as long as the first of them hang.
    wait_until(
        lambda: world.demo.counselor.session(other)["status"] == "scheduled", within=10,
        what="the session at another provider")
