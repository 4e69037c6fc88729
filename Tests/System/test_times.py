"""What overlaps a time is in it, whoever booked it and wherever; and what is over stays as it was."""

import datetime

import pytest

from harness import tokens
from harness.bookings import booking
from harness.waiting import wait_until

LISTS = {"counselor": "/api/counselor/sessions", "mentor": "/api/mentor/sessions", "student": "/api/student/sessions"}


def instant(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text):
    return datetime.datetime.fromisoformat(text)


def people(world, role, organization=None):
    """Somebody whom no other test books."""
    units = 20 if role == "student" else 0
    return tokens.people(world.postgresql, organization or world.demo.id, role, 1, units)[0]


@pytest.fixture(scope="module")
def late(world):
    """A session from 23:30 to 01:30 UTC, with people of its own: (its people by role, its id, the midnight)."""
    mentor, student = people(world, "mentor"), people(world, "student")
    midnight = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight += datetime.timedelta(days=40)
    start = midnight - datetime.timedelta(minutes=30)
    wanted = booking("regular_mentoring", instant(start), student.id, mentor.id, duration=120)
    made = world.demo.counselor.book(wanted)
    assert made.status_code == 201, made.text
    return {"mentor": mentor, "student": student}, made.json()["sessionId"], midnight


@pytest.mark.parametrize("role", LISTS)
@pytest.mark.parametrize(("first", "last", "listed"), [
    (-24, 0, True), (0, 24, True), (0, 1, True), (1, 2, True), (1.5, 24, False), (-24, -0.5, False), (-24, -0.4, True)])
def test_a_list_of_a_day_holds_what_crosses_midnight_into_it_and_out_of_it(world, late, role, first, last, listed):
    by_role, session, midnight = late
    hours = datetime.timedelta(hours=1)
    window = {"from": instant(midnight + first * hours), "to": instant(midnight + last * hours), "limit": "200"}
    headers = by_role[role].headers if role in by_role else world.demo.counselor.headers

    answer = world.demo.counselor.http.get(LISTS[role], params=window, headers=headers)

    assert answer.status_code == 200, answer.text
    assert (session in [item["sessionId"] for item in answer.json()["items"]]) is listed


def test_availability_knows_of_what_began_before(world, late):
    by_role, _, midnight = late

    answer = world.demo.counselor.get("/api/availability", params={
        "users": by_role["mentor"].id, "from": instant(midnight), "to": instant(midnight + datetime.timedelta(hours=1))})

    assert [entry["start"] for entry in answer.json()["busy"]] == [instant(midnight - datetime.timedelta(minutes=30))]


class TestInTwoOrganizations:
    """A mentor of both, who is booked at the rival's."""

    @pytest.fixture(scope="class")
    @staticmethod
    def booked(world):
        mentor = people(world, "mentor", world.rival.id)
        world.postgresql.run(f"""
            INSERT INTO memberships (organization_id, user_id, role)
            VALUES ('{world.demo.id}', '{mentor.id}', 'mentor')""")
        start = datetime.datetime.now(datetime.UTC).replace(hour=9, minute=0, second=0, microsecond=0)
        start += datetime.timedelta(days=41)
        student = people(world, "student", world.rival.id)
        made = world.rival.counselor.book(booking("gap_analysis", instant(start), student.id, mentor.id))
        assert made.status_code == 201, made.text
        return mentor, people(world, "student"), start, made.json()

    def test_no_time_is_offered_that_cannot_be_booked(self, world, booked):
        mentor, student, start, _ = booked
        wanted = booking("regular_mentoring", instant(start), student.id, mentor.id)

        refused = world.demo.counselor.book(wanted)

        assert refused.status_code == 409 and refused.json()["code"] == "slot_conflict", refused.text
        end = start + datetime.timedelta(hours=1)
        assert refused.json()["conflicts"] == [
            {"userId": mentor.id, "start": instant(start), "end": instant(end)}]
        alternatives = refused.json()["alternatives"]
        assert len(alternatives) == 3
        for slot in alternatives:
            answer = world.demo.counselor.book(wanted | {"scheduledStartTime": slot["start"]})
            assert answer.status_code == 201, (slot, answer.text)
            world.demo.counselor.cancel(answer.json()["sessionId"]).raise_for_status()

    def test_availability_offers_nothing_that_overlaps_it(self, world, booked):
        mentor, student, start, _ = booked
        end = start + datetime.timedelta(hours=1)

        answer = world.demo.counselor.get("/api/availability", params={
            "users": f"{mentor.id},{student.id}", "from": instant(start - datetime.timedelta(hours=2)),
            "to": instant(start + datetime.timedelta(hours=2))}).json()

        assert answer["items"]
        assert [slot for slot in answer["items"] if parsed(slot["start"]) < end and parsed(slot["end"]) > start] == []

    def test_nothing_but_the_time_is_told(self, world, booked):
        mentor, student, start, session = booked
        answers = [
            world.demo.counselor.book(booking("ai_career", instant(start), student.id, mentor.id)).text,
            world.demo.counselor.get("/api/availability", params={
                "users": mentor.id, "from": instant(start), "to": instant(start + datetime.timedelta(hours=3))}).text]

        for answer in answers:
            for secret in (session["sessionId"], session["title"], session["studentId"], world.rival.id, "gap_analysis"):
                assert secret not in answer

    def test_who_is_in_neither_is_not_asked_about(self, world, booked):
        mentor, _, start, _ = booked
        other = people(world, "mentor", world.rival.id)

        answer = world.demo.counselor.get("/api/availability", params={
            "users": other.id, "from": instant(start), "to": instant(start + datetime.timedelta(hours=3))})

        assert answer.status_code == 422


def moved(world, session, start):
    """Puts a session at another time by hand, since nobody books in the past."""
    world.postgresql.run(f"""
        UPDATE comm_sessions SET scheduled_at = {start} WHERE id = '{session}';
        UPDATE meetings SET schedule_start_time = {start}
        WHERE id = (SELECT meeting_id FROM comm_sessions WHERE id = '{session}');
        UPDATE calendar_slots SET scheduled_start_time = {start},
            time_range = tstzrange({start}, {start} + duration_minutes * interval '1 minute')
        WHERE session_id = '{session}'""")


def test_a_session_that_is_over_cannot_be_cancelled_and_one_that_goes_on_can(world):
    counselor, student = people(world, "counselor"), people(world, "student")
    wanted = booking("comm_session", world.times.next(), student.id, counselor.id)
    session = world.demo.counselor.book(wanted).json()["sessionId"]
    wait_until(lambda: world.demo.counselor.session(session)["status"] != "pending_meeting", within=60)
    before = world.demo.counselor.session(session)["status"]

    moved(world, session, "(now() - interval '61 minutes')")
    refused = world.demo.counselor.cancel(session)
    status = world.demo.counselor.session(session)["status"]
    moved(world, session, "(now() - interval '45 minutes')")
    cancelled = world.demo.counselor.cancel(session)

    assert refused.status_code == 409 and refused.json()["code"] == "invalid_state", refused.text
    assert refused.json()["title"] == "The session is over" and status == before
    assert cancelled.status_code == 200 and cancelled.json()["status"] == "cancelled"


def test_nothing_is_wrong_in_the_database_afterward(world):
    world.invariants()
