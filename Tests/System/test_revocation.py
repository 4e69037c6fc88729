"""What is taken away from somebody is gone at their next request, and within five seconds where a stream is open."""

import contextlib
import hashlib
import secrets
import threading
import uuid

import httpx
import pytest

from harness import tokens
from harness.events import Stream
from harness.waiting import wait_until

LIST = "/api/counselor/sessions"
WITHIN = 5


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


@pytest.fixture
def counselor(world):
    """Somebody who may see everything of the organization so far."""
    person = tokens.people(world.postgresql, world.demo.id, "counselor", 1)[0]
    person.server = world.server
    return person


@pytest.fixture
def admin(world):
    return world.demo.admin


def member(world, person):
    return f"/api/organizations/{world.demo.id}/members/{person.id}"


def carriers(person):
    """The ways in which somebody shows who they are."""
    return [person.headers, {"Cookie": f"convene={person.cookie}"}]


def assert_answers(http, person, status):
    for headers in carriers(person):
        http.cookies.clear()
        answer = http.get(LIST, headers=headers)
        assert answer.status_code == status, answer.text


# Each takes something away from the counselor through the API, and says what they are answered from then on.

def remove_member(world, http, admin, person):
    admin.request("DELETE", member(world, person)).raise_for_status()
    return 404


def leave(world, http, admin, person):
    http.delete(member(world, person), headers=person.headers).raise_for_status()
    return 404


def change_role(world, http, admin, person):
    admin.patch(member(world, person), {"role": "student"}).raise_for_status()
    return 403


def sign_out(world, http, admin, person):
    http.post("/api/auth/sign-out", headers=person.headers).raise_for_status()
    return 401


def end_sign_in(world, http, admin, person):
    other = tokens.sign_in(world.postgresql, person.id)
    http.delete(f"/api/auth/sessions/{person.sign_in}", headers=other.headers).raise_for_status()
    return 401


def sign_out_everywhere(world, http, admin, person):
    other = tokens.sign_in(world.postgresql, person.id)
    http.post("/api/auth/sign-out-everywhere", json={}, headers=other.headers).raise_for_status()
    return 401


TAKING_AWAY = [remove_member, leave, change_role, sign_out, end_sign_in, sign_out_everywhere]


@pytest.mark.parametrize("take_away", TAKING_AWAY)
def test_the_next_request_is_refused(world, http, admin, counselor, take_away):
    assert_answers(http, counselor, 200)

    refused = take_away(world, http, admin, counselor)

    assert_answers(http, counselor, refused)


def test_a_role_that_is_given_back_counts_at_once(world, http, admin, counselor):
    change_role(world, http, admin, counselor)
    admin.patch(member(world, counselor), {"role": "counselor"}).raise_for_status()

    assert_answers(http, counselor, 200)


def test_somebody_who_is_taken_in_again_needs_no_new_sign_in(world, http, admin, counselor):
    remove_member(world, http, admin, counselor)
    path = f"/api/organizations/{world.demo.id}/members"
    admin.post(path, {"userId": counselor.id, "role": "counselor"}).raise_for_status()

    assert_answers(http, counselor, 200)


def key_of(http, person):
    made = http.post("/api/auth/keys", json={"name": "Test", "scopes": ["sessions:read"]}, headers=person.headers)
    return made.raise_for_status().json()


def test_a_key_that_is_ended_opens_nothing(http, counselor):
    key = key_of(http, counselor)
    headers = {"Authorization": f"Bearer {key['key']}"}
    assert http.get(LIST, headers=headers).status_code == 200

    http.delete(f"/api/auth/keys/{key['id']}", headers=counselor.headers).raise_for_status()

    assert http.get(LIST, headers=headers).status_code == 401


def change_password(world, http, admin, person):
    # Who has none proves it by a sign-in that is fresh and was made without one.
    other = tokens.sign_in(world.postgresql, person.id)
    world.postgresql.run(f"UPDATE sign_ins SET method = 'link' WHERE id = '{other.sign_in}'")
    body = {"newPassword": "seven green lanterns"}
    http.post("/api/auth/password", json=body, headers=other.headers).raise_for_status()


ENDING_KEYS = [remove_member, leave, change_role, sign_out_everywhere, change_password]


@pytest.mark.parametrize("take_away", ENDING_KEYS)
def test_what_ends_access_ends_keys(world, http, admin, counselor, take_away):
    headers = {"Authorization": f"Bearer {key_of(http, counselor)['key']}"}
    assert http.get(LIST, headers=headers).status_code == 200

    take_away(world, http, admin, counselor)

    assert http.get(LIST, headers=headers).status_code == 401


def test_an_admin_is_told_which_keys_ended(world, http, admin, counselor):
    key_of(http, counselor)

    changed = admin.patch(member(world, counselor), {"role": "mentor"}).json()
    again = admin.patch(member(world, counselor), {"role": "mentor"}).json()
    # Being in another role, they may make one anew.
    key_of(http, counselor)
    gone = admin.request("DELETE", member(world, counselor)).json()

    assert (changed["endedKeys"], again["endedKeys"], gone["endedKeys"]) == (["Test"], [], ["Test"])


def test_who_comes_back_has_no_keys_of_before(world, http, admin, counselor):
    headers = {"Authorization": f"Bearer {key_of(http, counselor)['key']}"}
    remove_member(world, http, admin, counselor)
    path = f"/api/organizations/{world.demo.id}/members"
    admin.post(path, {"userId": counselor.id, "role": "counselor"}).raise_for_status()

    assert http.get(LIST, headers=headers).status_code == 401
    assert http.get("/api/auth/keys", headers=counselor.headers).json()["items"] == []


def test_a_refresh_token_of_a_sign_in_that_has_ended_gives_nothing(world, http):
    refresh = f"refresh-{secrets.token_urlsafe(24)}"
    person = tokens.people(world.postgresql, world.demo.id, "counselor", 1)[0]
    world.postgresql.run(f"""
        UPDATE sign_ins SET refresh_hash = '\\x{hashlib.sha256(refresh.encode()).hexdigest()}'
        WHERE id = '{person.sign_in}'""")
    http.post("/api/auth/sign-out", headers=person.headers).raise_for_status()

    assert http.post("/api/auth/token", json={"refreshToken": refresh}).status_code == 401


# Open streams

@contextlib.contextmanager
def listening(person):
    """(events so far, whether the stream has ended), while somebody reads their stream."""
    events, ended = [], threading.Event()
    with Stream(person, quiet_for=60) as stream:
        assert stream.response.status_code == 200
        lines = iter(stream)

        def read():
            with contextlib.suppress(httpx.HTTPError, httpx.StreamError, OSError):
                for event in lines:
                    events.append(event)
            ended.set()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        yield events, ended


@pytest.mark.parametrize("take_away", TAKING_AWAY)
def test_an_open_stream_ends(world, http, admin, counselor, take_away):
    with listening(counselor) as (events, ended):
        world.demo.counselor.book(world.booking())
        wait_until(lambda: events, within=10, what="the stream to tell of a booking")

        take_away(world, http, admin, counselor)

        wait_until(ended.is_set, within=WITHIN, what="the stream to end")


@pytest.mark.parametrize("end", [None, *ENDING_KEYS])
def test_the_stream_of_a_key_ends_with_the_key(world, http, admin, counselor, end):
    key = http.post("/api/auth/keys", json={"name": "Test", "scopes": ["live:read"]}, headers=counselor.headers).json()
    program = tokens.SignedIn(counselor.id, str(uuid.uuid4()))
    program.server = world.server
    program.bearer = key["key"]

    with listening(program) as (_, ended):
        if end:
            end(world, http, admin, counselor)
        else:
            http.delete(f"/api/auth/keys/{key['id']}", headers=counselor.headers).raise_for_status()

        wait_until(ended.is_set, within=WITHIN, what="the stream to end")


def test_a_stream_goes_on_when_somebody_else_is_removed(world, http, admin, counselor):
    other = tokens.people(world.postgresql, world.demo.id, "counselor", 1)[0]
    with listening(counselor) as (events, ended):
        remove_member(world, http, admin, other)
        world.demo.counselor.book(world.booking())

        wait_until(lambda: any("session.created" in event.type for event in events), within=10)
        assert not ended.is_set()
