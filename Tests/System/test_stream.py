"""The event stream loses nothing, repeats nothing and shows nobody else's events."""

import concurrent.futures
import random

import httpx
import pytest

from conftest import running
from harness.bookings import booking
from harness.events import Stream
from harness.waiting import wait_until

WRITERS = 16


@pytest.fixture(scope="module")
def streaming():
    with running("stream") as world:
        yield world


def last_number(world):
    return world.postgresql.value(
        f"SELECT coalesce(max(number), 0) FROM event_feed WHERE organization_id = '{world.demo.id}'")


def write(world, mentors, students, seed, rounds):
    """Books, runs into others' bookings, and cancels."""
    dice = random.Random(seed)
    for _ in range(rounds):
        wanted = booking(
            "regular_mentoring", world.times.at(dice.randrange(200)), dice.choice(students), dice.choice(mentors))
        answer = world.demo.counselor.book(wanted)
        assert answer.status_code in (201, 409), answer.text
        if answer.status_code == 201 and dice.random() < 0.4:
            cancelled = world.demo.counselor.cancel(answer.json()["sessionId"])
            assert cancelled.status_code < 500, cancelled.text


def read_with_reconnects(person, start, end, most):
    """Ids of events as a client with a bad connection sees them, from `start` until the number that `end` becomes."""
    dice = random.Random(7)
    seen, last, reconnects = [], start, 0
    while not (end.done() and last >= end.result()):
        patience = dice.randrange(1, 5) if reconnects < most else 10_000
        reconnects += 1
        try:
            with Stream(person, last_event_id=last, quiet_for=2) as stream:
                assert stream.response.status_code == 200
                for event in stream:
                    assert event.type != "reset"
                    if event.id is None:
                        continue
                    last = event.number
                    seen.append(last)
                    patience -= 1
                    if patience == 0 or (end.done() and last >= end.result()):
                        break
        except httpx.ReadTimeout:
            pass  # nothing new for a while
    return seen, reconnects


@pytest.mark.parametrize(("rounds", "most"), [(8, 60), pytest.param(25, 200, marks=pytest.mark.soak)])
def test_no_event_is_lost_or_doubled_over_many_reconnects(streaming, rounds, most):
    world = streaming
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 8)
    students = world.postgresql.add_people(world.demo.id, "student", 8, units=1000)
    world.demo.counselor.token  # noqa: B018  signed in before the threads are
    start, end = last_number(world), concurrent.futures.Future()

    with concurrent.futures.ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read_with_reconnects, world.demo.counselor, start, end, most)
        for writer in [pool.submit(write, world, mentors, students, seed, rounds) for seed in range(WRITERS)]:
            writer.result()
        waiting = "SELECT count(*) FROM all_sessions WHERE status = 'pending_meeting'"
        wait_until(lambda: world.postgresql.value(waiting) == 0, within=120, what="all sessions to settle", every=0.5)
        wait_until(lambda: world.postgresql.value("SELECT count(*) FROM outbox_events") == 0, within=30)
        end.set_result(last_number(world))
        seen, reconnects = reader.result()

    assert seen == list(range(start + 1, end.result() + 1))
    assert reconnects >= most and len(seen) > WRITERS * rounds


def test_a_connection_that_stays_sees_the_same(streaming):
    world = streaming
    start = last_number(world)
    with Stream(world.demo.counselor, last_event_id=start) as stream:
        session = world.demo.counselor.book(world.booking()).json()["sessionId"]
        types = []
        for event in stream:
            assert event.number == start + len(types) + 1
            types.append(event.type)
            if len(types) == 2:
                break

    assert types == ["regular_mentoring.session.created", "regular_mentoring.session.meeting.operation.result"]
    assert world.demo.counselor.session(session)["status"] == "scheduled"


def test_another_organizations_events_never_appear(streaming):
    world = streaming
    with Stream(world.rival.counselor) as stream:
        world.demo.counselor.book(world.booking())
        world.rival.counselor.book(world.booking(organization=world.rival))

        event = next(iter(stream))

    assert event.data["organizationId"] == world.rival.id


def test_a_quiet_stream_sends_comments(streaming):
    with Stream(streaming.rival.admin, quiet_for=60) as stream:
        line = next(line for line in stream.lines() if line.startswith(":"))

    assert line


def test_heartbeats_are_events_since_scripts_hear_of_nothing_else(streaming):
    with Stream(streaming.rival.admin, quiet_for=60) as stream:
        lines = stream.lines()
        for _ in ["the first one", "the next one"]:
            assert next(line for line in lines if line == "event: heartbeat")
            assert next(lines) == "data: {}"


def test_an_id_older_than_what_is_kept_is_answered_with_a_reset(streaming):
    world = streaming
    world.postgresql.run(
        f"DELETE FROM event_feed WHERE organization_id = '{world.demo.id}' AND number < {last_number(world)}")

    with Stream(world.demo.counselor, last_event_id=1) as stream:
        event = next(iter(stream))

    assert event.type == "reset"


@pytest.mark.parametrize("id_", ["nonsense", "-1", "99999999999999999999", "9223372036854775807"])
def test_an_id_that_we_never_gave_out_is_no_error_of_ours(streaming, id_):
    with Stream(streaming.demo.counselor, last_event_id=id_) as stream:
        assert stream.response.status_code < 500


def test_the_stream_is_for_people_who_are_signed_in(streaming):
    assert httpx.get(f"{streaming.server.url}/api/events/stream").status_code == 401


def test_a_browser_names_the_organization_in_the_address(world):
    """Its EventSource cannot send headers; a header goes before the address all the same."""

    def status(query, **headers):
        counselor = world.demo.counselor
        with counselor.http.stream(
            "GET", f"/api/events/stream?organization={query}", headers=counselor.headers | headers
        ) as answer:
            return answer.status_code

    assert status(world.demo.id) == 200
    assert status(world.rival.id) == 404
    assert status("x") == 422
    assert status(world.rival.id, **{"X-Organization-Id": world.demo.id}) == 200
