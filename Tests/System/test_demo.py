"""A demo as it begins: its people, four weeks of their sessions, and a click to be any of them."""

import collections
import html
import re

import httpx
import pytest

from conftest import running
from harness.client import PASSWORD, Person
from harness.processes import Server
from harness.waiting import wait_until

WHOLE = {"empty": True, "CONVENE_DEMO_SESSIONS": "four-weeks"}
KINDS = {"regular_mentoring", "gap_analysis", "ai_career", "comm_session", "class_session"}


def is_whole(world):
    """Says how many sessions there are, once all of them are there."""
    def told():
        assert "does not have all its sessions" not in world.server.log.read_text(), world.server.tail()
        return re.search(r'"the demo has its sessions".*"sessions":"(\d+)"', world.server.log.read_text())

    return int(wait_until(told, within=150, what="the demo's sessions")[1])


def sessions(world):
    return world.demo.admin.items("/api/counselor/sessions")


@pytest.fixture(scope="module")
def demo():
    with running("demo", **WHOLE) as made:
        is_whole(made)
        yield made


def test_it_begins_with_four_weeks_of_sessions_that_keep_every_promise(demo):
    found = sessions(demo)
    now = demo.postgresql.value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    past = [session for session in found if session["scheduledAt"] < now]
    coming = [session for session in found if session["scheduledAt"] >= now]

    assert len(found) == is_whole(demo)
    assert {session["kind"] for session in past} == {session["kind"] for session in coming} == KINDS
    assert {session["status"] for session in coming} == {"scheduled", "meeting_failed", "cancelled"}
    assert {session["status"] for session in past} == {"scheduled", "meeting_failed"}
    assert len({session["duration"] for session in found}) > 3
    assert max(len(session.get("studentIds") or []) for session in found) == 4
    assert {person["userId"] for session in found for person in session["people"]} >= {
        demo.demo.mentor.id, demo.demo.mentor2.id, demo.demo.student.id, demo.demo.student2.id}
    assert collections.Counter(
        person["role"] for person in demo.demo.admin.items(f"/api/organizations/{demo.demo.id}/members")
    ) == {"admin": 1, "counselor": 2, "mentor": 4, "student": 8}
    demo.invariants()


def test_the_other_organization_sees_none_of_them(demo):
    assert demo.rival.admin.items("/api/counselor/sessions") == []


def test_its_students_have_used_some_of_the_hours_that_they_bought(demo):
    bought = demo.postgresql.rows("""
        SELECT u.name, e.total, e.held FROM contract_entitlements e JOIN users u ON u.id = e.student_user_id
        JOIN contracts c ON c.id = e.contract_id
        WHERE e.service_type = 'regular_mentoring' AND c.ends_on IS NOT NULL AND u.email LIKE '%@demo.example'""")

    assert len(bought) == 8 and {int(one["total"]) for one in bought} == {12}
    assert sum(0 < one["held"] < one["total"] for one in bought) >= 5


def test_one_of_its_failures_can_be_tried_again(demo):
    refused = next(session for session in reversed(sessions(demo)) if session["status"] == "meeting_failed"
                   and session["meetingProvider"] == "zoom")
    counselor = demo.demo.counselor

    counselor.post(f"/api/counselor/sessions/{refused['sessionId']}/retry").raise_for_status()

    wait_until(lambda: counselor.session(refused["sessionId"])["status"] == "scheduled", within=30)


def test_a_second_start_adds_nothing(demo):
    cancelled = next(session for session in reversed(sessions(demo)) if session["status"] == "scheduled")
    demo.demo.counselor.cancel(cancelled["sessionId"]).raise_for_status()
    before = [session["sessionId"] for session in sessions(demo)]

    assert demo.server.stop() == 0
    demo.server.start()
    demo.demo.counselor.book(demo.booking()).raise_for_status()

    after = [session["sessionId"] for session in sessions(demo)]
    assert len(after) == len(before) + 1 and set(before) < set(after)


@pytest.mark.parametrize("end", ["booking_committed", "kill", "stop"])
def test_one_that_ended_while_it_was_made_becomes_whole(new_world, end):
    world = new_world(start=False, **WHOLE)
    if end in ("kill", "stop"):
        world.server.start()
        wait_until(lambda: len(sessions(world)) > 20, within=60, what="some of the sessions")
        assert (world.server.kill9() if end == "kill" else world.server.stop()) == {"kill": -9, "stop": 0}[end]
        assert "the demo has its sessions" not in world.server.log.read_text()
    else:
        world.server.start(ready=False, CONVENE_FAIL=end)
        assert world.server.wait(60) < 0
    world.server.start()

    expected = is_whole(world)

    found = sessions(world)
    assert len(found) == expected
    assert len({(one["title"], one["scheduledAt"], one["people"][0]["userId"]) for one in found}) == expected
    assert "pending_meeting" not in {session["status"] for session in found}
    world.invariants()


def test_one_without_sessions_has_its_people_alone(world):
    assert world.postgresql.value("SELECT count(*) FROM queue_jobs WHERE kind = 'demo_sessions'") == 0
    assert world.demo.admin.get("/api/auth/me").json()["name"] == "Amara Okafor"


# Being somebody by one click


def click(server, email, **more):
    return httpx.post(f"{server.url}/sign-in/demo", data={"email": email} | more, timeout=30)


def test_everybody_whom_the_page_offers_is_signed_in_by_one_click(world):
    page = httpx.get(f"{world.server.url}/sign-in").text
    offered = [html.unescape(email) for email in re.findall(r'name="email" value="([^"]+@[^"]+)"', page)]

    assert len(offered) == len(set(offered)) == 23
    for email in offered:
        answer = click(world.server, email, next="/sessions")
        assert answer.status_code == 303 and answer.headers["location"] == "/sessions", answer.text
        me = httpx.get(f"{world.server.url}/api/auth/me", cookies={"convene": answer.cookies["convene"]}).json()
        assert me["email"] == email


@pytest.mark.parametrize("email", ["", "nobody@demo.example", "admin@demo.example\n", "' OR true --"])
def test_nobody_else_is(world, email):
    answer = click(world.server, email)

    assert answer.status_code == 422 and "set-cookie" not in answer.headers
    assert "no account of this demo" in answer.text


def test_a_click_leads_to_no_other_site(world):
    assert click(world.server, "mentor@demo.example", next="//elsewhere.example").headers["location"] == "/week"


def test_another_site_cannot_click(world):
    answer = httpx.post(
        f"{world.server.url}/sign-in/demo", data={"email": "mentor@demo.example"},
        headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_who_has_changed_the_password_keeps_others_out(new_world):
    world = new_world()
    Person(world.server, "student2@demo.example").post(
        "/api/auth/password", {"currentPassword": PASSWORD, "newPassword": "seven green lanterns"}).raise_for_status()

    answer = click(world.server, "student2@demo.example")

    assert answer.status_code == 422 and "set-cookie" not in answer.headers
    assert "has changed this account’s password" in answer.text


def test_a_server_that_is_no_demo_takes_no_clicks():
    server = Server("no-demo-clicks", arguments=())
    try:
        server.start()
        assert click(server, "admin@demo.example").status_code == 404
        assert "This is a demo" not in httpx.get(f"{server.url}/sign-in").text
    finally:
        server.stop()
        server.remove()


# Its mails


def test_a_mails_html_is_a_document_that_can_do_nothing(demo):
    page = httpx.get(f"{demo.server.url}/demo/mail").text
    frame = re.search(r'<iframe src="([^"]+)"[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"', page)

    mail = httpx.get(demo.server.url + frame[1])

    assert mail.status_code == 200 and '<base target="_blank">' in mail.text and "Northlight Mentoring" in mail.text
    policy = mail.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "script" not in policy and "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("mail", ["nothing", "..%2f..%2fsigning-key", "%00", "a" * 300])
def test_there_is_no_html_of_other_files(world, mail):
    assert httpx.get(f"{world.server.url}/demo/mail/{mail}/html").status_code in (400, 404)
