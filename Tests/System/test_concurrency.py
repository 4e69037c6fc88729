"""Many people want the same hour."""

import collections
import random
import uuid

from harness.bookings import booking
from harness.wire import post_all

BOOK = "/api/counselor/sessions/book"


def no_deadlock(world):
    assert "deadlock detected" not in world.server.log.read_text(errors="replace")
    for log in world.server.data.glob("**/*.log"):
        assert "deadlock detected" not in log.read_text(errors="replace"), log
    deadlocks = "SELECT sum(deadlocks)::int AS n FROM pg_stat_database"
    assert world.postgresql.value(deadlocks) == 0


def test_ten_thousand_bookings_of_fifty_slots_make_fifty_sessions(new_world):
    world = new_world()
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 5)
    students = world.postgresql.add_people(world.demo.id, "student", 5, units=1000)
    slots = [(pair, world.times.at(hour)) for pair in zip(students, mentors) for hour in range(10)]
    requests = [
        (booking("regular_mentoring", start, student, mentor), str(uuid.uuid4()))
        for (student, mentor), start in slots * 200
    ]
    random.Random(1).shuffle(requests)

    answers = post_all(world.server, world.demo.counselor, BOOK, requests, connections=32)

    slowest = sorted(seconds for _, _, seconds in answers)[-100:]
    print(f"99 of 100 were answered within {slowest[0]:.3f} s, the last after {slowest[-1]:.3f} s")
    assert collections.Counter(status for status, _, _ in answers) == {201: 50, 409: 9950}
    won = collections.Counter(
        (body["mentorId"], body["scheduledStartTime"])
        for (body, _), (status, _, _) in zip(requests, answers) if status == 201)
    assert len(won) == 50
    no_deadlock(world)
    world.invariants()


def test_classes_that_share_students_in_any_order_never_deadlock(new_world):
    world = new_world()
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 8)
    students = world.postgresql.add_people(world.demo.id, "student", 20, units=1000)
    dice = random.Random(2)
    requests = [
        (
            booking("class_session", world.times.at(dice.randrange(6)), dice.sample(students, 8), dice.choice(mentors)),
            str(uuid.uuid4()),
        )
        for _ in range(2000)
    ]

    answers = post_all(world.server, world.demo.counselor, BOOK, requests, connections=32)

    statuses = collections.Counter(status for status, _, _ in answers)
    assert set(statuses) == {201, 409}, statuses
    no_deadlock(world)
    world.invariants()
