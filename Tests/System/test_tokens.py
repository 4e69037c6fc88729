"""No token but our own gets anybody in: malformed ones, forged ones, ours in the wrong place, and ours from before.

The server's signing key is known here, so a forgery can have the right signature: then what refuses it is the claim
that is wrong.
"""

import httpx
import pytest

from harness import tokens
from harness.forgeries import HEADERS, TOKENS
from harness.refusals import ask, assert_nobody_is_let_in


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def victim(world):
    """An admin whom the forgeries mean to be."""
    return tokens.people(world.postgresql, world.demo.id, "admin", 1)[0]


@pytest.fixture(scope="module")
def stranger(world):
    """A student of the other organization, who has a token of their own to begin with."""
    return tokens.people(world.postgresql, world.rival.id, "student", 1)[0]


def test_the_endpoints_let_in_whoever_has_the_right_token(world, http):
    person = tokens.people(world.postgresql, world.demo.id, "admin", 1)[0]

    for name, answer in ask(http, person.headers.items()):
        # The last but one ends all sign-ins, and this one with them.
        expected = 401 if name == "POST /api/auth/keys" else 200 if name.startswith("GET") else 204
        assert answer.status_code == expected, f"{name}: {answer.status_code}"


@pytest.mark.parametrize("name", TOKENS)
def test_a_forged_token_lets_nobody_in(http, victim, stranger, name):
    token = TOKENS[name](victim, stranger)
    token = token if isinstance(token, bytes) else token.encode()

    assert_nobody_is_let_in(http, [("Authorization", b"Bearer " + token)])


@pytest.mark.parametrize("name", HEADERS)
def test_a_token_in_the_wrong_place_lets_nobody_in(http, victim, name):
    assert_nobody_is_let_in(http, HEADERS[name](victim))


def test_a_token_with_a_null_byte_is_no_http_at_all(http, victim):
    for name, answer in ask(http, [("Authorization", f"Bearer {victim.token}\0")]):
        assert answer.status_code == 400, name


def test_a_token_in_the_address_lets_nobody_in(http, victim):
    for parameter in ("access_token", "token", "Authorization"):
        answer = http.get("/api/auth/me", params={parameter: victim.token})

        assert answer.status_code == 401


ENDINGS = {
    "the sign-in was ended": "UPDATE sign_ins SET ended_at = now() WHERE id = '{sign_in}'",
    "the sign-in ran out": "UPDATE sign_ins SET expires_at = now() - interval '1 second' WHERE id = '{sign_in}'",
    "the sign-in is gone": "DELETE FROM sign_ins WHERE id = '{sign_in}'",
    "the second factor is owed": "UPDATE sign_ins SET needs_second_factor = true WHERE id = '{sign_in}'",
    "the person is gone":
        "DELETE FROM memberships WHERE user_id = '{user}'; DELETE FROM users WHERE id = '{user}'",
}


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("carrier", ["token", "cookie"])
def test_what_held_before_lets_nobody_in_when(world, http, name, carrier):
    person = tokens.people(world.postgresql, world.demo.id, "admin", 1)[0]
    headers = list(person.headers.items())
    if carrier == "cookie":
        headers = [("Cookie", f"convene={person.cookie}"), ("X-CSRF-Token", tokens.form_token(person.sign_in))]
    assert http.get("/api/auth/me", headers=headers).status_code == 200

    world.postgresql.run(ENDINGS[name].format(user=person.id, sign_in=person.sign_in))

    assert_nobody_is_let_in(http, headers)


def test_the_form_token_of_the_harness_is_the_servers(world, http, victim):
    """Or else the tests that forge it would prove nothing."""
    headers = {"Cookie": f"convene={victim.cookie}", "X-CSRF-Token": tokens.form_token(victim.sign_in)}

    assert http.post("/api/auth/second-factor", json={}, headers=headers).status_code == 422
