"""Many people want the same hour."""

import collections
import concurrent.futures
import json
import random
import uuid

import pytest

from harness.bookings import booking
from harness.raw_http import Wire, post_all

BOOK = "/api/counselor/sessions/book"


def no_deadlock(world):
    assert "deadlock detected" not in world.server.log.read_text(errors="replace")
    for log in world.server.data.glob("**/*.log"):
        assert "deadlock detected" not in log.read_text(errors="replace"), log
    deadlocks = "SELECT sum(deadlocks)::int AS n FROM pg_stat_database"
    assert world.postgresql.value(deadlocks) == 0


@pytest.mark.parametrize("times", [40, pytest.param(200, marks=pytest.mark.soak)])
def test_however_many_want_fifty_slots_there_are_fifty_sessions(new_world, times):
    world = new_world()
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 5)
    students = world.postgresql.add_people(world.demo.id, "student", 5, units=1000)
    slots = [(pair, world.times.at(hour)) for pair in zip(students, mentors) for hour in range(10)]
    requests = [
        (booking("regular_mentoring", start, student, mentor), str(uuid.uuid4()))
        for (student, mentor), start in slots * times
    ]
    random.Random(1).shuffle(requests)

    answers = post_all(world.server, world.demo.counselor, BOOK, requests, connections=32)

    slowest = sorted(seconds for _, _, seconds in answers)[-len(answers) // 100:]
    print(f"99 of 100 were answered within {slowest[0]:.3f} s, the last after {slowest[-1]:.3f} s")
    assert collections.Counter(status for status, _, _ in answers) == {201: 50, 409: len(requests) - 50}
    won = collections.Counter(
        (body["mentorId"], body["scheduledStartTime"])
        for (body, _), (status, _, _) in zip(requests, answers) if status == 201)
    assert len(won) == 50
    no_deadlock(world)
    world.invariants()


@pytest.mark.parametrize("count", [500, pytest.param(2000, marks=pytest.mark.soak)])
def test_classes_that_share_students_in_any_order_never_deadlock(new_world, count):
    world = new_world()
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 8)
    students = world.postgresql.add_people(world.demo.id, "student", 20, units=1000)
    dice = random.Random(2)
    requests = [
        (
            booking("class_session", world.times.at(dice.randrange(6)), dice.sample(students, 8), dice.choice(mentors)),
            str(uuid.uuid4()),
        )
        for _ in range(count)
    ]

    answers = post_all(world.server, world.demo.counselor, BOOK, requests, connections=32)

    statuses = collections.Counter(status for status, _, _ in answers)
    assert set(statuses) == {201, 409}, statuses
    no_deadlock(world)
    world.invariants()


@pytest.mark.parametrize("rounds", [25, pytest.param(400, marks=pytest.mark.soak)])
def test_cancelling_and_booking_the_same_time_never_deadlock(new_world, rounds):
    world = new_world()
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 3)
    students = world.postgresql.add_people(world.demo.id, "student", 8, units=10_000)
    dice = random.Random(3)
    wires = [Wire(world.server, world.demo.counselor) for _ in range(8)]
    world.demo.counselor.token  # noqa: B018  signed in before the race
    held, statuses = [], collections.Counter()

    def ask(wire, session, start):
        if session:
            return wire.post(f"/api/counselor/sessions/{session}/cancel", {})
        kind = dice.choice(["class_session", "class_session", "regular_mentoring"])
        whom = dice.sample(students, 6) if kind == "class_session" else dice.choice(students)
        return wire.post(BOOK, booking(kind, start, whom, dice.choice(mentors)), str(uuid.uuid4()))

    with concurrent.futures.ThreadPoolExecutor(len(wires)) as pool:
        for number in range(rounds):
            start = world.times.at(number // 2 % 600)
            # What was booked in the last rounds is cancelled, twice, while others want its time.
            asked = [(session, start) for session in held[-2:] for _ in range(2)]
            asked += [(None, start)] * (len(wires) - len(asked))
            dice.shuffle(asked)
            answers = list(pool.map(lambda wire, one: ask(wire, *one), wires, asked))
            statuses.update(status for status, _, _ in answers)
            held = [json.loads(body)["sessionId"] for status, body, _ in answers if status == 201]

    assert set(statuses) <= {200, 201, 409}, statuses
    # Every other round wants a time that nobody had before, so at least one of its bookings gets it.
    assert statuses[201] >= (rounds + 1) // 2 and statuses[200] > 0
    no_deadlock(world)
    world.invariants()
