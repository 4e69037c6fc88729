"""Tokens as the server signs them, with its key: for people who need no password checked, and for forgeries that have
the right signature and the wrong claims."""

import base64
import hmac
import json
import secrets
import time
import uuid

# What CONVENE_SIGNING_KEY is set to where a test signs tokens itself.
SECRET = bytes(range(64, 112))
SIGNING_KEY = base64.b64encode(SECRET).decode()
LIFETIMES = {"program": 15 * 60, "browser": 14 * 24 * 60 * 60}


def derived(purpose, secret=SECRET):
    """HKDF (RFC 5869) with SHA-256, no salt and 32 bytes, as Sources/Identity/SignIn/Tokens.swift derives its keys."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


ACCESS_KEY = derived("convene access token")


def base64url(data):
    data = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims, header=None, key=ACCESS_KEY, digest="sha256"):
    """A JSON Web Token (RFC 7519) under HMAC, whatever its header says."""
    text = f"{base64url({'alg': 'HS256', 'typ': 'JWT'} if header is None else header)}.{base64url(claims)}"
    return f"{text}.{base64url(hmac.digest(key, text.encode(), digest))}"


def claims(user, sign_in, medium="program", **other):
    """Those of a token that holds. A claim given as None is left out."""
    now = int(time.time())
    made = {
        "iss": "convene", "aud": [medium], "sub": str(user), "sid": str(sign_in),
        "iat": now, "exp": now + LIFETIMES[medium],
    } | other
    return {name: value for name, value in made.items() if value is not None}


def form_token(sign_in):
    """What a page sends as X-CSRF-Token: random bytes, and the secret under them."""
    secret = hmac.digest(derived("convene form token"), str(sign_in).encode(), "sha256")
    mask = secrets.token_bytes(len(secret))
    return base64url(mask + bytes(one ^ other for one, other in zip(mask, secret, strict=True)))


class SignedIn:
    """Somebody who is signed in. Unlike a Person they need no password."""

    #: What they show in place of a token: a key.
    bearer = None

    def __init__(self, user, sign_in, organization=None):
        self.id, self.sign_in, self.organization = user, sign_in, organization
        self.email = f"{user}@people.example"

    @property
    def token(self):
        return signed(claims(self.id, self.sign_in))

    @property
    def cookie(self):
        return signed(claims(self.id, self.sign_in, "browser"))

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.bearer or self.token}"}


def sign_in(postgresql, user, organization=None, ending="1 day"):
    """Signs somebody in by hand."""
    number = str(uuid.uuid4())
    postgresql.run(f"""
        INSERT INTO sign_ins (id, user_id, medium, expires_at)
        VALUES ('{number}', '{user}', 'program', now() + interval '{ending}')""")
    return SignedIn(user, number, organization)


def people(postgresql, organization, role, count, units=0):
    """New people of one role, each signed in."""
    ids = postgresql.add_people(organization, role, count, units)
    return [SignedIn(user, number, organization) for user, number in _sign_ins(postgresql, ids)]


def super_admins(postgresql, count):
    ids = postgresql.run(f"""
        INSERT INTO users (id, email, name, super_admin)
        SELECT id, id || '@people.example', 'Root', true
        FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, {count})) made
        RETURNING id;""").splitlines()
    return [SignedIn(user, number) for user, number in _sign_ins(postgresql, ids)]


def _sign_ins(postgresql, users):
    listed = ",".join(f"'{user}'" for user in users)
    lines = postgresql.run(f"""
        INSERT INTO sign_ins (id, user_id, medium, expires_at)
        SELECT gen_random_uuid(), id, 'program', now() + interval '1 day' FROM unnest(ARRAY[{listed}]::uuid[]) id
        RETURNING user_id, id;""").splitlines()
    return [line.split("|") for line in lines]
