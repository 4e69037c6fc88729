"""No token but our own gets anybody in: malformed ones, forged ones, ours in the wrong place, and ours from before.

The server's signing key is known here, so a forgery can have the right signature: then what refuses it is the claim
that is wrong.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid

import httpx
import pytest

from harness import forging
from harness.forging import SECRET, base64url, claims, derived, signed
from harness.wire import unchecked

# One for each way in which an endpoint asks who is there.
ENDPOINTS = [
    ("GET", "/api/auth/me", None),
    ("GET", "/api/counselor/sessions", None),
    ("GET", "/api/audit", None),
    ("GET", "/api/events/stream", None),
    ("POST", "/api/auth/sign-out-everywhere", {}),
    ("POST", "/api/auth/keys", {"name": "mine", "scopes": ["sessions:read"]}),
]
NOW = int(time.time())
HOUR = 3600


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def victim(world):
    """An admin whom the forgeries mean to be."""
    return forging.people(world.postgresql, world.demo.id, "admin", 1)[0]


@pytest.fixture(scope="module")
def stranger(world):
    """A student of the other organisation, who has a token of their own to begin with."""
    return forging.people(world.postgresql, world.rival.id, "student", 1)[0]


def ask(http, headers):
    """The answers of all endpoints; `headers` are pairs, so that one can be there twice."""
    for method, path, body in ENDPOINTS:
        yield f"{method} {path}", unchecked(http.base_url.port, method, path, headers, body)


def assert_nobody_is_let_in(http, headers, allowed=(401,)):
    for name, answer in ask(http, headers):
        assert answer.status_code in allowed, f"{name}: {answer.status_code} {answer.text[:300]}"
        problem = answer.json()
        assert problem["status"] == answer.status_code and problem["code"], name
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer", name


def test_the_endpoints_let_in_whoever_has_the_right_token(world, http):
    person = forging.people(world.postgresql, world.demo.id, "admin", 1)[0]

    for name, answer in ask(http, person.headers.items()):
        # The last but one ends all sign-ins, and this one with them.
        expected = 401 if name == "POST /api/auth/keys" else 200 if name.startswith("GET") else 204
        assert answer.status_code == expected, f"{name}: {answer.status_code}"


# Tokens by name, each made from whom it means to be and from whom it was stolen.

def part(token, number):
    return token.split(".")[number]


def with_header(**header):
    """The right claims and the right signature under another header."""
    return lambda v, s: signed(claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT"} | header)


def with_claims(**other):
    """The right signature under other claims."""
    return lambda v, s: signed(claims(v.id, v.sign_in, **other))


def unsigned(alg):
    return lambda v, s: f"{base64url({'alg': alg, 'typ': 'JWT'})}.{base64url(claims(v.id, v.sign_in))}."


def with_key(key, **more):
    return lambda v, s: signed(claims(v.id, v.sign_in), key=key, **more)


def with_signature(change):
    def token(v, s):
        head, body, signature = v.token.split(".")
        return f"{head}.{body}.{change(signature)}"
    return token


def padded(text):
    return text + "=" * (-len(text) % 4)


def flipped(text):
    """One bit of the first character's six is another."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[letters.index(text[0]) ^ 32] + text[1:]


TOKENS = {
    # Nothing, or no token.
    "one letter": lambda v, s: "x",
    "two parts": lambda v, s: v.token.rsplit(".", 1)[0],
    "four parts": lambda v, s: v.token + ".x",
    "dots alone": lambda v, s: "..",
    "an id": lambda v, s: v.sign_in,
    "json": lambda v, s: json.dumps(claims(v.id, v.sign_in), separators=(",", ":")),
    "json of a jws": lambda v, s: json.dumps({
        "payload": part(v.token, 1), "signatures": [{"protected": part(v.token, 0), "signature": part(v.token, 2)}],
    }, separators=(",", ":")),
    "an encrypted token": lambda v, s: ".".join(
        [base64url({"alg": "dir", "enc": "A256GCM"}), "", *(base64url(secrets.token_bytes(n)) for n in (12, 64, 16))]),
    "oversized": lambda v, s: signed(claims(v.id, v.sign_in, more="x" * 4000)),
    "unicode": lambda v, s: "тест.ключ.鍵".encode(),
    "bytes that are no text": lambda v, s: b"\xff\xfe\xfd.\xff.\xff",
    "header not json": lambda v, s: f"{base64url(b'{{{')}.{part(v.token, 1)}.{part(v.token, 2)}",
    "header an array": lambda v, s: f"{base64url([])}.{part(v.token, 1)}.{part(v.token, 2)}",
    "claims not json": lambda v, s: signed(b"}"),
    "claims a null byte": lambda v, s: signed(b"\x00"),
    "claims an array": lambda v, s: signed([claims(v.id, v.sign_in)]),
    "claims nested deeply": lambda v, s: signed(b"[" * 300 + b"]" * 300),
    # Other signatures.
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg NONE": unsigned("NONE"),
    "alg nOnE": unsigned("nOnE"),
    "alg empty": unsigned(""),
    "alg none with the old signature": lambda v, s: unsigned("none")(v, s) + part(v.token, 2),
    "no alg": lambda v, s: signed(claims(v.id, v.sign_in), {"typ": "JWT"}, key=b"x" * 32),
    "an empty key": with_key(b""),
    "a key of zeros": with_key(bytes(32)),
    "a common key": with_key(b"secret"),
    "the root key itself": with_key(SECRET),
    "the key of form tokens": with_key(derived("convene form token")),
    "the user's id as key": lambda v, s: signed(claims(v.id, v.sign_in), key=v.id.encode()),
    "the signature of sha-512": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS512", "typ": "JWT"}, digest="sha512"),
    "the signature of sha-384": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS384", "typ": "JWT"}, digest="sha384"),
    "signature cut off": with_signature(lambda text: text[:20]),
    "signature shorter by a character": with_signature(lambda text: text[:-1]),
    "signature empty": with_signature(lambda text: ""),
    "signature with a bit changed": with_signature(flipped),
    "signature with padding": with_signature(padded),
    "signature in ordinary base64": lambda v, s: with_signature(
        lambda text: base64.b64encode(base64.urlsafe_b64decode(padded(text))).decode())(v, s),
    "signature in hexadecimal": with_signature(lambda text: base64.urlsafe_b64decode(padded(text)).hex()),
    "signature of another token": lambda v, s: f"{part(v.token, 0)}.{part(v.token, 1)}.{part(s.token, 2)}",
    "claims of another token": lambda v, s: f"{part(s.token, 0)}.{part(v.token, 1)}.{part(s.token, 2)}",
    "padded throughout": lambda v, s: ".".join(padded(text) for text in v.token.split(".")),
    # Other headers, signed as ours.
    "alg none, signed": with_header(alg="none"),
    "alg HS512, signed as HS256": with_header(alg="HS512"),
    "alg RS256, signed as HS256": with_header(alg="RS256"),
    "alg in lower case": with_header(alg="hs256"),
    "typ of another token": with_header(typ="refresh+jwt"),
    "a critical extension": with_header(crit=["b64"], b64=False),
    "kid of another key": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT", "kid": "other"}, key=b"x" * 32),
    "kid a path": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT", "kid": "../../../dev/null"}, key=b""),
    "kid an injection": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT", "kid": "' UNION SELECT 'x"}, key=b"x"),
    "jku": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT", "jku": "https://evil.example/jwks"}, key=b"x" * 32),
    "x5u": lambda v, s: signed(
        claims(v.id, v.sign_in), {"alg": "HS256", "typ": "JWT", "x5u": "https://evil.example/x5u"}, key=b"x" * 32),
    "jwk": lambda v, s: signed(
        claims(v.id, v.sign_in), {
            "alg": "HS256", "typ": "JWT", "jwk": {"kty": "oct", "k": base64url(b"x" * 32)}}, key=b"x" * 32),
    # Other claims, signed as ours.
    "another issuer": with_claims(iss="elsewhere"),
    "no issuer": with_claims(iss=None),
    "another audience": with_claims(aud=["other"]),
    "two audiences": with_claims(aud=["program", "browser"]),
    "no audience": with_claims(aud=None),
    "a browser's token": lambda v, s: v.cookie,
    "expired": with_claims(iat=NOW - HOUR, exp=NOW - HOUR + 900),
    "expired a second ago": lambda v, s: signed(claims(v.id, v.sign_in, exp=int(time.time()) - 1)),
    "no expiry": with_claims(exp=None),
    "expiry a text": with_claims(exp=str(NOW + 600)),
    "expiry null": lambda v, s: signed(claims(v.id, v.sign_in) | {"exp": None}),
    "expiry in a thousand years": with_claims(exp=NOW + 1000 * 365 * 24 * HOUR),
    "expiry of 1e308": with_claims(exp=1e308),
    "expiry of -1e308": with_claims(exp=-1e308),
    "expiry of twenty digits": with_claims(exp=99999999999999999999),
    "issued tomorrow": with_claims(iat=NOW + 24 * HOUR, exp=NOW + 24 * HOUR + 900),
    "not valid before tomorrow": with_claims(nbf=NOW + 24 * HOUR),
    "no time of issue": with_claims(iat=None),
    "another's id": lambda v, s: signed(claims(v.id, s.sign_in)),
    "another's sign-in": lambda v, s: signed(claims(s.id, v.sign_in)),
    "no such person": lambda v, s: signed(claims(uuid.uuid4(), v.sign_in)),
    "no such sign-in": lambda v, s: signed(claims(v.id, uuid.uuid4())),
    "id no uuid": with_claims(sub="admin"),
    "id an injection": with_claims(sub="' OR 1=1 --"),
    "id a number": with_claims(sub=1),
    "no id": with_claims(sub=None),
    "no sign-in": with_claims(sid=None),
    "sign-in an array": with_claims(sid=[str(uuid.uuid4())]),
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_forged_token_lets_nobody_in(http, victim, stranger, name):
    token = TOKENS[name](victim, stranger)
    token = token if isinstance(token, bytes) else token.encode()

    assert_nobody_is_let_in(http, [("Authorization", b"Bearer " + token)])


HEADERS = {
    "nothing": lambda v: [],
    "empty": lambda v: [("Authorization", "")],
    "whitespace": lambda v: [("Authorization", "   ")],
    "bearer alone": lambda v: [("Authorization", "Bearer")],
    "bearer and spaces": lambda v: [("Authorization", "Bearer   ")],
    "the token alone": lambda v: [("Authorization", v.token)],
    "two tokens in one header": lambda v: [("Authorization", f"Bearer {v.token} {v.token}")],
    "two headers": lambda v: [("Authorization", "Bearer x"), ("Authorization", f"Bearer {v.token}")],
    "two headers, the right one first": lambda v: [("Authorization", f"Bearer {v.token}"), ("Authorization", "Bearer x")],
    "basic": lambda v: [("Authorization", "Basic " + base64.b64encode(f"{v.id}:{v.token}".encode()).decode())],
    "basic with the demo's password": lambda v: [
        ("Authorization", "Basic " + base64.b64encode(b"admin@demo.example:convene-demo").decode())],
    "another scheme": lambda v: [("Authorization", f"Token {v.token}")],
    "a header of its own": lambda v: [("X-Access-Token", v.token), ("Proxy-Authorization", f"Bearer {v.token}")],
    "a program's token as cookie": lambda v: [("Cookie", f"convene={v.token}")],
    "a cookie without a signature": lambda v: [("Cookie", f"convene={v.cookie.rsplit('.', 1)[0]}.")],
    "an empty cookie": lambda v: [("Cookie", "convene=")],
    "a cookie of another name": lambda v: [("Cookie", f"session={v.cookie}; __Host-convene={v.cookie}")],
    "a cookie beside a wrong token": lambda v: [("Cookie", f"convene={v.cookie}"), ("Authorization", "Bearer x")],
    "a header of 8000 bytes": lambda v: [("Authorization", "Bearer " + "x" * 8000)],
}


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
    "the second factor is owed": "UPDATE sign_ins SET is_half = true WHERE id = '{sign_in}'",
    "the person is gone":
        "DELETE FROM memberships WHERE user_id = '{user}'; DELETE FROM users WHERE id = '{user}'",
}


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("carrier", ["token", "cookie"])
def test_what_held_before_lets_nobody_in_when(world, http, name, carrier):
    person = forging.people(world.postgresql, world.demo.id, "admin", 1)[0]
    headers = list(person.headers.items())
    if carrier == "cookie":
        headers = [("Cookie", f"convene={person.cookie}"), ("X-CSRF-Token", forging.form_token(person.sign_in))]
    assert http.get("/api/auth/me", headers=headers).status_code == 200

    world.postgresql.run(ENDINGS[name].format(user=person.id, sign_in=person.sign_in))

    assert_nobody_is_let_in(http, headers)


# Keys

def made_key(world, organization, role="admin", scopes="{sessions:read,audit:read,live:read}", ending="1 day"):
    """(a key, whose it is, its id)"""
    owner = forging.people(world.postgresql, organization, role, 1)[0]
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
    key, owner, _ = made_key(world, world.demo.id, scopes="{organisations:read}")

    answer = http.patch(
        f"/api/organizations/{world.demo.id}", json={"timeZone": "UTC"}, headers=with_bearer(key))

    assert answer.status_code == 403 and answer.json()["code"] == "scope_missing"


def test_a_key_is_worth_no_more_than_its_owners_role(world, http):
    key, _, _ = made_key(world, world.demo.id, role="student")

    assert http.get("/api/counselor/sessions", headers=with_bearer(key)).status_code == 403


@pytest.mark.parametrize("name", ["a letter changed", "cut off", "longer", "its hash", "its hint", "the prefix", "its id"])
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


def test_a_key_opens_no_other_organisation_of_its_owner(world, http):
    key, owner, _ = made_key(world, world.demo.id)
    world.postgresql.run(f"""
        INSERT INTO memberships (organization_id, user_id, role) VALUES ('{world.rival.id}', '{owner.id}', 'admin')""")

    assert_nobody_is_let_in(http, with_bearer(key, **{"X-Organization-Id": world.rival.id}), allowed=(403, 404))
    assert http.get("/api/counselor/sessions", headers=with_bearer(key)).status_code == 200


def test_the_form_token_of_the_harness_is_the_servers(world, http, victim):
    """Or else the tests that forge it would prove nothing."""
    expected = hmac.new(derived("convene form token"), victim.sign_in.encode(), hashlib.sha256).hexdigest()
    headers = {"Cookie": f"convene={victim.cookie}", "X-CSRF-Token": expected}

    assert http.post("/api/auth/second-factor", json={}, headers=headers).status_code == 422
