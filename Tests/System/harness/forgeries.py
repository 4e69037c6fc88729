"""Tokens that nobody may be let in with, by name: each made from whom it means to be and from whom one was stolen; and
headers that hold the right token in the wrong place."""

import base64
import json
import secrets
import time
import uuid

from .tokens import SECRET, base64url, claims, derived, signed

NOW = int(time.time())
HOUR = 3600


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


HEADERS = {
    "nothing": lambda v: [],
    "empty": lambda v: [("Authorization", "")],
    "whitespace": lambda v: [("Authorization", "   ")],
    "bearer alone": lambda v: [("Authorization", "Bearer")],
    "bearer and spaces": lambda v: [("Authorization", "Bearer   ")],
    "the token alone": lambda v: [("Authorization", v.token)],
    "two tokens in one header": lambda v: [("Authorization", f"Bearer {v.token} {v.token}")],
    "two headers": lambda v: [("Authorization", "Bearer x"), ("Authorization", f"Bearer {v.token}")],
    "two headers, the right one first": lambda v: [
        ("Authorization", f"Bearer {v.token}"), ("Authorization", "Bearer x")],
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
