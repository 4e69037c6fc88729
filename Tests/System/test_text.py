"""Text that people write: names and titles are one visible line, and the rules are the same at every way in."""

import email
import email.policy
import uuid

import httpx
import psycopg
import pytest

from harness import mails
from harness.newcomers import PASSWORD, forget_attempts, invite, newcomer
from harness.waiting import wait_until

STEERING = ["a\nBcc: x@example.org", "a\r\nb", "a\tb", "a\0b", "a\u0001b", "a\u007fb", "a\u0085b", "a\u2028b", "a\u2029b",
            "\u202egnp.exe session", "a\u202ab", "a\u2066b\u2069", "a\ufffeb", "a\U000e0041b"]
BLANK = ["", " ", "\u200b", "\u3164", "\u115f", "\u2800", "\u00ad", "\ufe0f", "\u200d", "\u200e", "\u0301", "\ufeff\u00a0"]
NATIVE = ["مقابلة (Python 3) مع محمد", "שיעור", "می‌خواهم", "数学", "Grüße", "👩‍👩‍👧 family", "\U0001f3f4\U000e0067\U000e0062"
          "\U000e0073\U000e0063\U000e0074\U000e007f", "O’Brien-García"]


def lines(world):
    """Every way in of the API that takes a line: the field, and what sends it."""
    demo = world.demo
    organization = f"/api/organizations/{demo.admin.organization}"

    def booked(kind, **fields):
        return demo.counselor.book(world.booking(kind, **fields))

    def invited(name):
        return httpx.post(f"{world.server.url}/api/auth/invitations/sign-up", json={
            "token": "x" * 43, "name": name, "password": PASSWORD})

    def branded(subject):
        return demo.admin.request("PUT", f"{organization}/branding", json={
            "logoUrl": None, "palette": {"accent": None}, "version": 0,
            "templates": {"invitation": {"subject": subject, "introduction": "Hello"}}})

    return {
        "title": lambda text: booked("regular_mentoring", title=text),
        "currentLevel": lambda text: booked("gap_analysis", currentLevel=text),
        "targetLevel": lambda text: booked("gap_analysis", targetLevel=text),
        "aiTopics[0]": lambda text: booked("ai_career", aiTopics=[text]),
        "me.name": lambda text: demo.mentor2.patch("/api/auth/me", {"name": text}),
        "organization.name": lambda text: demo.admin.patch(organization, {"name": text}),
        "group.name": lambda text: demo.admin.post(f"{organization}/groups", {"name": text}),
        "key.name": lambda text: demo.mentor2.post("/api/auth/keys", {"name": text, "scopes": ["sessions:read"]}),
        "account.name": invited,
        "organizationName": lambda text: httpx.post(
            f"{world.server.url}/api/auth/sign-up", json={"email": "new@text.example", "organizationName": text}),
        "templates.invitation.subject": branded,
    }


def refused(answer, field):
    assert answer.status_code == 422, f"{field}: {answer.status_code} {answer.text}"
    assert answer.json()["code"] == "invalid_request"
    assert [error["field"] for error in answer.json()["errors"]] == [field], answer.text


@pytest.mark.parametrize("text", STEERING + BLANK, ids=ascii)
def test_what_is_no_visible_line_is_refused_at_every_way_in(world, text):
    for way, send in lines(world).items():
        refused(send(text), way if way.startswith(("templates", "aiTopics")) else way.split(".")[-1])
    forget_attempts(world)


@pytest.mark.parametrize("text", ["a\0b", "a\u001b[2J", "a\u202eb", "a\u2067b", "a\u0080b", "a\uffffb"], ids=ascii)
def test_a_description_does_not_steer_either(world, text):
    refused(world.demo.counselor.book(world.booking(description=text)), "description")


def test_a_description_keeps_its_lines(world):
    text = "One\r\ntwo\n\n\tthree: می‌خواهم 👩‍👩‍👧 "
    session = world.demo.counselor.book(world.booking(description=text)).raise_for_status().json()["sessionId"]

    assert world.demo.counselor.session(session)["description"] == "One\ntwo\n\n\tthree: می‌خواهم 👩‍👩‍👧"


@pytest.mark.parametrize("title", NATIVE)
def test_every_script_has_its_titles(world, title):
    booked = world.demo.counselor.book(world.booking(title=title))

    assert booked.status_code == 201, booked.text
    assert booked.json()["title"] == title
    assert world.demo.counselor.session(booked.json()["sessionId"])["title"] == title


def test_what_surrounds_a_name_is_no_part_of_it(world):
    admin, name = world.demo.admin, f"ISTANBUL {uuid.uuid4().hex[:8]}"
    groups = f"/api/organizations/{admin.organization}/groups"
    first = admin.post(groups, {"name": f" {name}\u00a0"})

    assert first.status_code == 201 and first.json()["name"] == name
    assert admin.post(groups, {"name": f"\u200b{name} "}).json()["code"] == "already_taken"


def test_a_name_is_composed(world):
    admin, number = world.demo.admin, uuid.uuid4().hex[:8]
    groups = f"/api/organizations/{admin.organization}/groups"

    assert admin.post(groups, {"name": f"Cafe\u0301 {number}"}).json()["name"] == f"Caf\u00e9 {number}"
    assert admin.post(groups, {"name": f"Caf\u00e9 {number}"}).status_code == 409


def test_a_title_is_as_long_as_its_characters_in_the_end(world):
    # U+0958 is always two characters when it is composed.
    refused(world.demo.counselor.book(world.booking(title="\u0958" * 200)), "title")
    refused(world.demo.counselor.book(world.booking(title="x" * 256)), "title")
    assert world.demo.counselor.book(world.booking(title="e" + "\u0301" * 254)).status_code == 201


@pytest.mark.parametrize("name", ["Ann\r\nBcc: x@example.org", "\u202eevil", "\u200b", "\u3164"], ids=ascii)
def test_the_pages_forms_take_no_such_name_either(world, name):
    link = invite(world, f"{uuid.uuid4().hex[:12]}@text.example")
    form = {"token": httpx.URL(link).params["token"], "name": name, "password": PASSWORD}
    joining = httpx.post(f"{world.server.url}/invitation", data=form)
    founding = httpx.post(f"{world.server.url}/sign-up", data={"email": "new@text.example", "organization": name})

    assert (joining.status_code, founding.status_code) == (422, 422)
    assert "Enter your name in one line" in joining.text
    assert "Enter its name in one line" in founding.text


@pytest.mark.parametrize("place", ["users.name", "organizations.name", "groups.name", "regular_mentoring_sessions.title"])
def test_the_database_keeps_no_such_line_whoever_writes_it(world, place):
    table, column = place.split(".")
    world.demo.counselor.book(world.booking()).raise_for_status()
    world.demo.admin.post(f"/api/organizations/{world.demo.admin.organization}/groups", {"name": uuid.uuid4().hex})

    with pytest.raises(psycopg.Error, match="_line"):
        world.postgresql.run(f"UPDATE {table} SET {column} = E'a\\nBcc: x@example.org'")


def test_mails_reach_people_with_names_from_before_the_rules(world):
    """Such a name has no part in whether somebody is told of a new sign-in."""
    address = newcomer(world, name="Nia")
    constraint = world.postgresql.value(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'users_name_line'")
    world.postgresql.run("ALTER TABLE users DROP CONSTRAINT users_name_line")
    try:
        world.postgresql.run(f"UPDATE users SET name = E'Nia\\r\\nBcc: x@example.org' WHERE email = '{address}'")
        before = mails.files(world.server)
        httpx.post(f"{world.server.url}/api/auth/magic-link", json={"email": address}).raise_for_status()

        def arrived():
            for file in mails.files(world.server) - before:
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if address in mail["To"]:
                    return mail

        mail = wait_until(arrived, within=15, what="the mail")
        assert mail["Bcc"] is None and mail["To"].addresses[0].display_name == "Nia Bcc: x@example.org"
    finally:
        world.postgresql.run(f"UPDATE users SET name = 'Nia' WHERE email = '{address}'")
        world.postgresql.run(f"ALTER TABLE users ADD CONSTRAINT users_name_line {constraint}")
        forget_attempts(world)
