"""Booking over HTTP, as docs and OpenAPI promise it."""

import concurrent.futures
import uuid

import pytest

from harness.bookings import KINDS, booking
from harness.waiting import wait_until

ANSWER = {"sessionId", "kind", "status", "studentId", "mentorId", "title", "scheduledAt", "duration", "meetingProvider",
          "createdAt"}
NAMED_OTHERWISE = {
    "comm_session": {"mentorId": "counselorId"},
    "class_session": {"studentId": "studentIds"},
}


def settled(person, session, within=60):
    def done():
        found = person.session(session)
        return found if found["status"] != "pending_meeting" else None

    return wait_until(done, within=within, what="the session to get its meeting")


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"] == code and problem["status"] == status and problem["title"]
    return problem


@pytest.mark.parametrize("kind", KINDS)
def test_a_booked_session_is_answered_at_once_and_gets_its_link(world, kind):
    wanted = world.booking(kind)

    answer = world.demo.counselor.book(wanted)

    assert answer.status_code == 201, answer.text
    body = answer.json()
    names = NAMED_OTHERWISE.get(kind, {})
    assert set(body) == {names.get(name, name) for name in ANSWER}
    assert body["status"] == "pending_meeting" and body["kind"] == kind and body["title"] == wanted["title"]
    assert body["scheduledAt"] == wanted["scheduledStartTime"] and body["duration"] == 60
    assert answer.headers["location"] == f"/api/counselor/sessions/{body['sessionId']}"

    session = settled(world.demo.counselor, body["sessionId"])
    assert session["status"] == "scheduled", session
    assert session["meetingUrl"].startswith("http") and session["meetingNo"]


@pytest.mark.parametrize("provider", ["feishu", "zoom"])
def test_each_provider_gives_a_session_its_link(world, provider):
    answer = world.demo.counselor.book(world.booking(meetingProvider=provider))

    session = settled(world.demo.counselor, answer.json()["sessionId"])

    assert session["status"] == "scheduled" and session["meetingProvider"] == provider
    numbers = {meeting["meetingNo"] for meeting in world.simulators.live(provider)}
    assert session["meetingNo"] in numbers


def test_the_same_key_and_body_get_the_first_answer_again(world):
    wanted, key = world.booking(), str(uuid.uuid4())

    first = world.demo.counselor.book(wanted, key)
    again = world.demo.counselor.book(wanted, key)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]


def test_the_same_key_with_another_body_is_refused(world):
    wanted, key = world.booking(), str(uuid.uuid4())
    world.demo.counselor.book(wanted, key)

    refused(world.demo.counselor.book(wanted | {"title": "Other"}, key), 422, "idempotency_key_reused")


def test_another_person_may_use_the_same_key(world):
    key = str(uuid.uuid4())

    answers = [person.book(world.booking(), key) for person in (world.demo.counselor, world.demo.counselor2)]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_twenty_replays_at_once_book_one_session(world):
    wanted, key = world.booking(), str(uuid.uuid4())
    world.demo.counselor.token  # noqa: B018  signed in before the race

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: world.demo.counselor.book(wanted, key), range(20)))

    created = [answer for answer in answers if answer.status_code == 201]
    assert created and len({answer.content for answer in created}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}  # 409: the first is still being worked on
    assert world.postgresql.value(f"SELECT count(*) FROM all_sessions WHERE title = '{wanted['title']}'") == 1


@pytest.mark.parametrize("who", ["mentor", "student"])
def test_nobody_is_booked_twice_at_one_time_and_other_times_are_offered(world, who):
    # People of their own: an alternative lies at any hour of the day, where other tests' bookings would be.
    mentors = world.postgresql.add_people(world.demo.id, "mentor", 2)
    students = world.postgresql.add_people(world.demo.id, "student", 2, units=10)
    taken = world.booking(mentorId=mentors[0], studentId=students[0])
    assert world.demo.counselor.book(taken).status_code == 201
    free = {"mentorId": mentors[1]} if who == "student" else {"studentId": students[1]}

    problem = refused(world.demo.counselor.book(taken | free), 409, "slot_conflict")

    assert problem["conflicts"]
    assert len(problem["alternatives"]) == 3
    start = problem["alternatives"][0]
    start = start["start"] if isinstance(start, dict) else start
    assert world.demo.counselor.book(taken | free | {"scheduledStartTime": start}).status_code == 201


def test_a_session_may_begin_when_another_ends(world):
    first = world.booking()
    second = world.booking()  # the next hour

    assert [world.demo.counselor.book(wanted).status_code for wanted in (first, second)] == [201, 201]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "seance"),
        ("title", ""),
        ("title", "x" * 256),
        ("duration", 29),
        ("duration", 181),
        ("duration", "an hour"),
        ("scheduledStartTime", "2020-01-01T10:00:00Z"),
        ("scheduledStartTime", "tomorrow"),
        ("scheduledStartTime", "2099-01-01T10:00:00"),
        ("studentId", None),
        ("studentId", "nobody"),
        ("mentorId", None),
        ("meetingProvider", "carrier-pigeon"),
        ("sessionType", "other"),
    ],
)
def test_a_wrong_field_is_named(world, field, value):
    wanted = world.booking()
    wanted.pop(field)
    if value is not None:
        wanted[field] = value

    answer = world.demo.counselor.book(wanted)

    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("field", ["studentId", "mentorId"])
@pytest.mark.parametrize("who", ["nobody", "somebody of another organization", "somebody in another role"])
def test_only_people_of_the_organization_in_the_right_role_are_booked(world, field, who):
    somebody = {
        "nobody": str(uuid.uuid4()),
        "somebody of another organization": getattr(world.rival, field.removesuffix("Id")).id,
        "somebody in another role": world.demo.admin.id,
    }[who]

    answer = world.demo.counselor.book(world.booking(**{field: somebody}))

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_nobody_teaches_themselves(world):
    answer = world.demo.counselor.book(world.booking(studentId=world.demo.mentor.id))

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["studentId"]


def test_a_stranger_in_a_class_is_named_with_their_place(world):
    students = [world.demo.student.id, world.rival.student.id]

    answer = world.demo.counselor.book(world.booking("class_session", studentIds=students))

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["studentIds[1]"]


@pytest.mark.parametrize("role", ["student", "mentor"])
def test_students_and_mentors_do_not_book(world, role):
    assert getattr(world.demo, role).book(world.booking()).status_code == 403


def test_nobody_books_without_signing_in(world):
    answer = world.demo.counselor.http.post("/api/counselor/sessions/book", json=world.booking())

    assert answer.status_code == 401


def test_a_class_takes_the_time_of_every_student(world):
    students = world.postgresql.add_people(world.demo.id, "student", 12, units=10)
    wanted = world.booking("class_session", studentIds=students)
    session = world.demo.counselor.book(wanted).json()["sessionId"]

    slots = world.postgresql.rows(f"SELECT user_id, status FROM calendar_slots WHERE session_id = '{session}'")
    assert {slot["user_id"] for slot in slots} == {*students, world.demo.mentor.id}
    lesson = booking("regular_mentoring", wanted["scheduledStartTime"], students[7], world.demo.mentor2.id)
    refused(world.demo.counselor.book(lesson), 409, "slot_conflict")


def test_a_class_with_one_student_who_is_busy_takes_nobodys_time(world):
    students = world.postgresql.add_people(world.demo.id, "student", 3, units=10)
    lesson = booking("regular_mentoring", world.times.next(), students[1], world.demo.mentor2.id)
    assert world.demo.counselor.book(lesson).status_code == 201

    wanted = world.booking("class_session", studentIds=students, scheduledStartTime=lesson["scheduledStartTime"])
    refused(world.demo.counselor.book(wanted), 409, "slot_conflict")

    people = ", ".join(f"'{person}'" for person in [students[0], students[2]])
    assert world.postgresql.value(f"SELECT count(*) FROM calendar_slots WHERE user_id IN ({people})") == 0


@pytest.mark.parametrize(("kind", "field"), [
    ("regular_mentoring", {"aiTopics": ["Agents"]}), ("comm_session", {"analysisFocus": "skills"}),
    ("ai_career", {"sessionType": "standard"}),
])
def test_what_belongs_to_another_kind_is_not_taken_and_lost(world, kind, field):
    answer = world.demo.counselor.book(world.booking(kind) | field)

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == list(field)


def test_units_that_are_spent_cannot_be_booked_again(world):
    (student,) = world.postgresql.add_people(world.demo.id, "student", 1, units=1)
    assert world.demo.counselor.book(world.booking(studentId=student)).status_code == 201

    refused(world.demo.counselor.book(world.booking(studentId=student)), 409, "insufficient_units")

    free_of_charge = world.booking("comm_session", studentId=student)
    assert world.demo.counselor.book(free_of_charge).status_code == 201


def test_a_cancelled_session_frees_the_time_and_the_units(world):
    (student,) = world.postgresql.add_people(world.demo.id, "student", 1, units=1)
    wanted = world.booking(studentId=student)
    session = world.demo.counselor.book(wanted).json()["sessionId"]
    settled(world.demo.counselor, session)

    assert world.demo.counselor.cancel(session).is_success

    assert world.demo.counselor.session(session)["status"] == "cancelled"
    assert world.demo.counselor.book(wanted).status_code == 201


class TestReading:
    @pytest.fixture(scope="class")
    @staticmethod
    def booked(world):
        """Ids of seven sessions of two kinds, for a student of their own, in the order of their times."""
        (student,) = world.postgresql.add_people(world.demo.id, "student", 1, units=20)
        ids, starts = [], []
        for kind in ["regular_mentoring", "gap_analysis", "regular_mentoring"] * 2 + ["gap_analysis"]:
            wanted = world.booking(kind, studentId=student)
            ids.append(world.demo.counselor.book(wanted).json()["sessionId"])
            starts.append(wanted["scheduledStartTime"])
        return student, ids, starts

    def ids(self, world, **parameters):
        return [item["sessionId"] for item in world.demo.counselor.items("/api/counselor/sessions", **parameters)]

    def test_pages_hold_every_session_once(self, world, booked):
        listed = self.ids(world, limit=2)

        assert len(listed) == len(set(listed))
        assert set(booked[1]) <= set(listed)

    def test_a_period_holds_what_begins_in_it(self, world, booked):
        _, ids, starts = booked

        found = self.ids(world, **{"from": starts[2], "to": starts[5]})

        assert set(found) & set(ids) == set(ids[2:5])

    def test_filters_by_kind_and_status_apply_together(self, world, booked):
        _, ids, _ = booked
        for session in ids:
            settled(world.demo.counselor, session)

        found = self.ids(world, kind="gap_analysis", status="scheduled")

        assert set(found) & set(ids) == {ids[1], ids[4], ids[6]}
        assert self.ids(world, kind="gap_analysis", status="meeting_failed") == []

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=nonsense", "status=lost", "from=yesterday"])
    def test_a_wrong_parameter_is_named(self, world, query):
        answer = world.demo.counselor.get(f"/api/counselor/sessions?{query}")

        assert answer.status_code == 422
        # One of several values is named with its place: status[0].
        assert query.split("=")[0] in [error["field"].split("[")[0] for error in answer.json()["errors"]]

    def test_mentors_and_students_see_their_own_sessions(self, world):
        session = world.demo.counselor.book(world.booking()).json()["sessionId"]

        for person, path, sees in [
            (world.demo.mentor, "/api/mentor/sessions", True),
            (world.demo.student, "/api/student/sessions", True),
            (world.demo.mentor2, "/api/mentor/sessions", False),
            (world.demo.student2, "/api/student/sessions", False),
        ]:
            assert (session in [item["sessionId"] for item in person.items(path)]) is sees, person.email

    @pytest.mark.parametrize("id_", ["00000000-0000-7000-8000-000000000000", "1", "..%2F", "%00"])
    def test_a_session_that_is_not_there_is_not_found(self, world, id_):
        assert world.demo.counselor.get(f"/api/counselor/sessions/{id_}").status_code == 404


def test_nothing_is_wrong_in_the_database_afterward(world):
    world.invariants()
