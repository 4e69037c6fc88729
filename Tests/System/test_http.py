"""HTTP itself: what no declaration of an endpoint says."""

import gzip
import json
import socket

import pytest

from harness.waiting import wait_until

TOKEN = "/api/auth/token"


def raw(world, data, then_close=False):
    """(status, headers in lower case, body) as they come over a connection of their own."""
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=10) as connection:
        connection.sendall(data)
        if then_close:
            return None
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), headers, body


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", [TOKEN, "/api/counselor/sessions/book"])
def test_a_body_that_is_too_large_is_refused(world, path, chunked):
    body = b"x" * 3_000_000
    answer = world.demo.counselor.request(
        "POST", path, content=iter([body]) if chunked else body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413, answer.text
    assert answer.json()["code"] == "too_large"
    assert world.demo.counselor.get("/api/auth/me").status_code == 200


def test_a_client_that_asks_first_is_told_to_go_on(world):
    """RFC 9110, 10.1.1: curl waits a second for this, and others for ever."""
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=20) as connection:
        connection.sendall(
            f"POST {TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Expect: 100-continue\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n")
        connection.sendall(b"{}")
        assert connection.recv(65536).startswith(b"HTTP/1.1 422")


def test_whoever_asks_first_waits_for_the_answer_before(world):
    """A pipelined question: nothing may stand in the middle of an event stream, or of any other response."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in world.demo.counselor.headers.items())
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=20) as connection:
        connection.sendall(
            f"GET /api/events/stream HTTP/1.1\r\nHost: x\r\n{headers}\r\n"
            f"POST {TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        world.demo.counselor.book(world.booking())
        told = b""
        while b"session.created" not in told:
            told += connection.recv(65536)
        assert b"100 Continue" not in told


def test_a_body_that_will_be_too_large_is_not_waited_for(world):
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=20) as connection:
        connection.sendall(
            f"POST {TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Content-Length: 1000000000\r\n\r\n{}".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_a_body_in_another_encoding_is_refused(world):
    answer = world.demo.counselor.http.post(
        TOKEN, content=gzip.compress(b"{}"), headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})

    assert answer.status_code == 415 and "Content-Encoding" in answer.json()["detail"]


def test_a_body_that_is_no_object_is_named_as_such(world):
    answer = world.demo.counselor.http.post(TOKEN, json=[])

    assert answer.status_code == 422 and "the body must be an object" in answer.json()["detail"]


@pytest.mark.parametrize("type_", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_refused(world, type_):
    answer = world.demo.counselor.http.post(TOKEN, content=b"{}", headers={"Content-Type": type_} if type_ else {})

    assert answer.status_code == 415 and answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"email":"\\ud800"}'])
def test_a_body_that_is_no_json_is_refused(world, body):
    answer = world.demo.counselor.http.post(TOKEN, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/nowhere", TOKEN])
def test_head_answers_as_get_does_without_a_body(world, path):
    get = world.demo.counselor.http.get(path)
    status, headers, body = raw(world, f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    assert (status, headers["content-type"], body) == (get.status_code, get.headers["content-type"], b"")


def test_another_method_is_told_which_ones_there_are(world):
    answer = world.demo.counselor.http.put("/health")

    assert answer.status_code == 405 and answer.json()["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/%zz", "/%ff", "/..%2f..%2fetc%2fpasswd", "/api/counselor/sessions/%ff%fe", "/%00"])
def test_an_address_that_makes_no_sense_has_nothing(world, path):
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" \
        f"Authorization: Bearer {world.demo.counselor.token}\r\n\r\n"

    status, headers, body = raw(world, request.encode())

    assert status == 404 and json.loads(body)["code"] == "not_found"


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["garbage", "headers too large", "negative length", "two lengths"])
def test_what_is_no_http_is_refused_and_the_connection_closed(world, request_):
    status, headers, body = raw(world, request_)

    assert status == 400 and headers["connection"] == "close"
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["code"] == "bad_request"


def test_a_client_of_http_1_0_is_answered_without_chunks(world):
    """Such as an old balancer's probe. A body of unknown length ends with the connection."""
    token = world.demo.admin.token
    for path, starts in [("/health", b"{"), ("/api/audit/export", b"{")]:
        request = f"GET {path} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"

        status, headers, body = raw(world, request.encode())

        assert status == 200 and headers["connection"] == "close"
        assert "transfer-encoding" not in headers and body.startswith(starts), (path, headers, body[:100])


def test_a_client_that_breaks_off_is_no_mistake_of_ours(world):
    before = world.server.log.read_text(errors="replace").count('"request failed"')
    head = f"POST {TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"

    for number in range(20):
        raw(world, f"{head}X-Request-Id: broken-off-{number}\r\n\r\n{{".encode(), then_close=True)

    wait_until(
        lambda: "broken-off-19" in world.server.log.read_text(errors="replace"), within=10, what="the request's end")
    assert world.server.log.read_text(errors="replace").count('"request failed"') == before
