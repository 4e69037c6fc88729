"""A key for programs opens what its scopes name, for whom it was made, where it was made, and as long as it holds."""

import hashlib
import secrets
import uuid

import httpx
import pytest

from harness import tokens
from harness.refusals import ask, assert_nobody_is_let_in


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


def made_key(world, organization, role="admin", scopes="{sessions:read,audit:read,live:read}", ending="1 day"):
    """(a key, whose it is, its id)"""
    owner = tokens.people(world.postgresql, organization, role, 1)[0]
    key, number = f"cvk_{secrets.token_urlsafe(32)}", str(uuid.uuid4())
    world.postgresql.run(f"""
        INSERT INTO sign_ins (id, user_id, medium, method, refresh_hash, organization_id, name, scopes, expires_at)
        VALUES ('{number}', '{owner.id}', 'key', 'key', '\\x{hashlib.sha256(key.encode()).hexdigest()}',
                '{organization}', 'Test', '{scopes}', now() + interval '{ending}')""")
    return key, owner, number


def with_bearer(key, **more):
    return [("Authorization", f"Bearer {key}"), *more.items()]


def test_a_key_opens_what_its_scopes_name_and_nothing_else(world, http):
    key, _, _ = made_key(world, world.demo.id)

    answers = {name: answer.status_code for name, answer in ask(http, with_bearer(key))}

    assert answers == {
        "GET /api/auth/me": 403, "GET /api/counselor/sessions": 200, "GET /api/audit": 200,
        "GET /api/events/stream": 200, "POST /api/auth/sign-out-everywhere": 403, "POST /api/auth/keys": 403,
    }


def test_a_key_does_not_write_with_a_scope_for_reading(world, http):
    key, owner, _ = made_key(world, world.demo.id, scopes="{organizations:read}")

    answer = http.patch(
        f"/api/organizations/{world.demo.id}", json={"timeZone": "UTC"}, headers=with_bearer(key))

    assert answer.status_code == 403 and answer.json()["code"] == "scope_missing"


def test_a_key_is_worth_no_more_than_its_owners_role(world, http):
    key, _, _ = made_key(world, world.demo.id, role="student")

    assert http.get("/api/counselor/sessions", headers=with_bearer(key)).status_code == 403


@pytest.mark.parametrize(
    "name", ["a letter changed", "cut off", "longer", "its hash", "its hint", "the prefix", "its id"])
def test_what_is_almost_a_key_lets_nobody_in(world, http, name):
    key, _, number = made_key(world, world.demo.id)
    wrong = {
        "a letter changed": key[:-1] + ("a" if key[-1] != "a" else "b"), "cut off": key[:-4], "longer": key + "a",
        "its hash": "cvk_" + hashlib.sha256(key.encode()).hexdigest(), "its hint": "cvk_" + key[-4:],
        "the prefix": "cvk_", "its id": number,
    }[name]

    assert_nobody_is_let_in(http, with_bearer(wrong))


@pytest.mark.parametrize("name", ["ended", "run out", "of somebody who is gone"])
def test_a_key_that_is_over_lets_nobody_in(world, http, name):
    key, owner, number = made_key(world, world.demo.id)
    assert http.get("/api/counselor/sessions", headers=with_bearer(key)).status_code == 200

    world.postgresql.run({
        "ended": f"UPDATE sign_ins SET ended_at = now() WHERE id = '{number}'",
        "run out": f"UPDATE sign_ins SET expires_at = now() - interval '1 second' WHERE id = '{number}'",
        "of somebody who is gone": f"DELETE FROM sign_ins WHERE user_id = '{owner.id}'",
    }[name])

    assert_nobody_is_let_in(http, with_bearer(key))


def test_a_key_of_a_removed_member_opens_nothing(world, http):
    key, owner, _ = made_key(world, world.demo.id)

    world.postgresql.run(f"UPDATE memberships SET left_at = now() WHERE user_id = '{owner.id}'")

    # There is such a key, and there is nothing for it any more.
    assert_nobody_is_let_in(http, with_bearer(key), allowed=(403, 404))


def test_a_key_opens_no_other_organization_of_its_owner(world, http):
    key, owner, _ = made_key(world, world.demo.id)
    world.postgresql.run(f"""
        INSERT INTO memberships (organization_id, user_id, role) VALUES ('{world.rival.id}', '{owner.id}', 'admin')""")

    assert_nobody_is_let_in(http, with_bearer(key, **{"X-Organization-Id": world.rival.id}), allowed=(403, 404))
    assert http.get("/api/counselor/sessions", headers=with_bearer(key)).status_code == 200
