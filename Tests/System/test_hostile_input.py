"""What anybody can send to make a server stumble: it is refused in passing, and nobody else notices."""

import base64
import http.client
import json
import os
import pathlib
import random
import uuid

import httpx
import pytest

from harness import tokens

TOKEN = "/api/auth/token"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def http_client(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


def processor_seconds(world):
    """What the server has used so far: unlike the time it takes, that is the same on a busy machine."""
    fields = pathlib.Path(f"/proc/{world.server.running.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# JSON

def nested(depth, content=b"", opening=b"[", closing=b"]"):
    return b'{"x":' + opening * depth + content + closing * depth + b"}"


NULLS = b",".join([b"null"] * 150_000)
HOSTILE = {
    "400 levels, 1,000 nulls": nested(400, NULLS[:4999]),
    "400 levels, 750 kB": nested(400, NULLS[:-1] + b"l"),
    "500 empty levels": nested(500),
    "objects": nested(5000, b"1", b'{"a":', b"}"),
    "levels that are not closed": b"[" * 1_000_000,
    "levels within those allowed": nested(14, NULLS),
    "numbers for a text": b'{"email":[' + b"0," * 400_000 + b"0]}",
    "a long number": b'{"email":1' + b"0" * 1_000_000 + b"}",
    "a long exponent": b'{"email":1e' + b"9" * 1_000_000 + b"}",
    "a long text": b'{"email":"' + b"a" * 1_000_000 + b'"}',
    "escapes": b'{"email":"' + b"\\u0041" * 170_000 + b'"}',
    "a long name": b'{"' + b"a" * 1_000_000 + b'":1}',
    "many names": json.dumps({f"field{number}": number for number in range(50_000)}).encode(),
    "many nested names": json.dumps({"x": {f"field{number}": {} for number in range(40_000)}}).encode(),
    "one name many times": b"{" + b",".join([b'"email":"a"'] * 80_000) + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_body_costs_more_than_its_length(world, http_client, name):
    before = processor_seconds(world)

    answer = http_client.post(TOKEN, content=HOSTILE[name], headers=JSON)

    assert answer.status_code in (400, 422), answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    # 4.4 s for the first of them once, and minutes for the second. Not optimized it is 0.3 s at most.
    assert processor_seconds(world) - before < 3
    assert len(answer.content) < 20_000
    assert http_client.get("/health").status_code == 200


def test_of_many_wrong_fields_some_are_named(http_client):
    answer = http_client.post(TOKEN, json={f"{number:04}" + "n" * 1000: 1 for number in range(500)})

    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert len(errors) == 20 and all(len(error["field"]) < 120 for error in errors)
    assert len(answer.json()["detail"]) < 5000


def test_a_field_that_is_there_twice_is_refused_and_named(http_client):
    answer = http_client.post(TOKEN, content=b'{"email":"a@b.example","password":"x","email":"c@d.example"}', headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0] == {"field": "email", "message": "is there twice"}


@pytest.mark.parametrize("type_", ["application/jsonx", "application/json-patch+json", "application/json5", "text/json"])
def test_only_json_is_json(http_client, type_):
    assert http_client.post(TOKEN, content=b"{}", headers={"Content-Type": type_}).status_code == 415


@pytest.mark.parametrize("type_", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"])
def test_json_is_json_however_it_is_written(http_client, type_):
    assert http_client.post(TOKEN, content=b"{}", headers={"Content-Type": type_}).status_code == 422


def is_json(data):
    """By another reader, as strict as RFC 8259: no NaN, no half characters, nothing nested beyond what we take."""

    def refuse(_):
        raise ValueError

    def depth(value):
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    try:
        value = json.loads(data.decode("utf-8"), parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return depth(value) <= 16
    except (ValueError, RecursionError):
        return False


def test_what_is_json_is_what_another_reader_says(world):
    dice = random.Random(7)
    seeds = [
        b'{"email":"a","x":[1,-0.5e+3,true,false,null,{"y":"\\u00e9\\ud83d\\ude00"}]}', b'{"a":{"b":{"c":[[],{}]}}}',
        '{"ü":"\\n\\"\\\\/é😀"}'.encode(), b'[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]', b' { "a" : [ 1 , 2 ] } ', b'"x"', b"12.5E-1",
        b'{"a":"\\ud83d\\ude00\\ud800"}', b"[1e999,123456789012345678901234567890]",
    ]
    pieces = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"0", b"-", b".", b"e", b"\xff", b"\xc3", b"\n", b"\\u"]
    connection = http.client.HTTPConnection("127.0.0.1", world.server.port, timeout=30)
    taken = 0
    for _ in range(3000):
        body = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(0, 4)):
            place = dice.randrange(len(body) + 1)
            body[place:place + dice.randrange(0, 2)] = dice.choice(pieces + [bytes([dice.randrange(256)])])
        connection.request("POST", TOKEN, bytes(body), JSON)
        answer = connection.getresponse()
        document = json.loads(answer.read())
        taken += is_json(bytes(body))
        assert (document["code"] != "malformed_json") == is_json(bytes(body)), (bytes(body), document)
        assert answer.status in (400, 422)
    connection.close()
    assert 500 < taken < 2500


# Numbers

LEAST, MOST = "-9223372036854775808", "9223372036854775807"
ODD_NUMBERS = [LEAST, MOST, "-9223372036854775807", "-4503599627370497", "4503599627370497", "1" + "0" * 300, "nan", "1e9", "-0"]


def cursor(key):
    return base64.urlsafe_b64encode(f"{uuid.UUID(int=0)} {key}".encode()).decode().rstrip("=")


def test_a_cursor_that_was_changed_is_none(world):
    people = world.postgresql.add_people(world.demo.id, "mentor", 2)
    assert len(people) == 2
    path = f"/api/organizations/{world.demo.id}/members"
    given = world.demo.admin.get(path, params={"limit": 1}).json()["nextCursor"]
    assert world.demo.admin.get(path, params={"limit": 1, "cursor": given}).status_code == 200

    for changed in (given + "x", given[:-3], given + "=", "x" + given):
        answer = world.demo.admin.get(path, params={"cursor": changed})
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "cursor", changed


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_no_number_in_a_cursor_is_more_than_a_wrong_place(world, http_client, number):
    lists = {
        world.demo.student: ["/api/student/sessions"], world.demo.mentor: ["/api/mentor/sessions"],
        world.demo.counselor: ["/api/counselor/sessions", "/api/counselor/manual-interventions"],
        world.demo.admin: [f"/api/organizations/{world.demo.id}/{what}" for what in ("members", "groups", "invitations")]
        + ["/api/audit"],
    }
    for person, paths in lists.items():
        for path in paths:
            answer = person.get(path, params={"cursor": cursor(number)})
            assert answer.status_code in (200, 404, 422), (path, answer.text)
        # A link that somebody follows brings their cookie along.
        cookie = {"Cookie": f"convene={tokens.sign_in(world.postgresql, person.id).cookie}"}
        for path in ("/sessions", "/organization/members", "/organization/audit"):
            answer = http_client.get(path, params={"cursor": cursor(number)}, headers=cookie)
            assert answer.status_code in (200, 403, 404, 422), (path, answer.text)
    assert http_client.get("/health").status_code == 200


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_no_number_in_an_address_or_a_body_harms(world, http_client, number):
    counselor = world.demo.counselor
    for path, parameters in [
        ("/api/counselor/sessions", {"limit": number}), ("/api/availability", {"duration": number, "users": counselor.id}),
        ("/api/events/stream", {"lastEventId": number}), ("/week", {"from": number}), ("/audit", {"before": number}),
        (f"/api/organizations/{world.demo.id}/branding", {"version": number}),
    ]:
        with counselor.http.stream("GET", path, params=parameters, headers=counselor.headers) as answer:
            assert answer.status_code < 500, path
    booking = json.dumps(world.booking()).replace("60", number, 1)
    answer = counselor.request("POST", "/api/counselor/sessions/book", content=booking, headers=JSON)
    assert answer.status_code < 500, answer.text
    assert http_client.get("/health").status_code == 200
