"""Requests that make no sense, are too large or take their time: refused, cut off, and no harm to anybody else."""

import contextlib
import json
import re
import socket
import threading
import time

import httpx
import pytest

from harness.events import Stream


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


# What makes no sense

def send(world, data, patience=10):
    """What comes back over a connection of its own until it is closed, and after how many seconds."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=patience) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while chunk := connection.recv(65536):
                answer += chunk
    return answer, time.monotonic() - began


def test_ten_thousand_headers_are_refused(world):
    headers = "".join(f"X-{number}: x\r\n" for number in range(10_000))

    answer, _ = send(world, f"GET /health HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "BREW", "get", "OPTIONS"])
def test_a_method_that_nothing_takes_is_refused(world, method):
    target = "x:443" if method == "CONNECT" else "/api/auth/me"

    request = f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: canary\r\n\r\n"
    answer, _ = send(world, request.encode())

    assert re.match(rb"HTTP/1.1 (400|404|405|501) ", answer), answer[:200]
    assert b"canary" not in answer


@pytest.mark.parametrize("path", [
    "/%00", "/week%00", "/assets/x/..%2f..%2fetc%2fpasswd", "/assets/../../etc/passwd", "/assets/x/%2e%2e/base.css",
    "//evil.example/week", "/\\evil.example", "/api/organizations/%00", "/api/auth/keys/" + "a" * 5000,
    "/sign-in?next=" + "a" * 20_000, "/week?from=" + "%00" * 100, "http://evil.example/week", "*",
])
def test_no_address_makes_the_server_stumble(world, path):
    token = world.demo.counselor.token
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"

    answer, _ = send(world, request.encode())

    assert re.match(rb"HTTP/1.1 (200|303|400|404|405|414|422) ", answer), answer[:200]
    assert b"root:" not in answer
    assert not re.search(rb"(?i)location: (https?:)?//evil", answer)


def test_a_host_that_the_client_invents_is_in_no_link(world, http):
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        for path in ("/week", "/sign-in", "/openapi.json"):
            answer = http.get(path, headers=headers)
            assert "evil.example" not in answer.text + str(answer.headers)


# Connections that take their time

def trickle(world, first, more):
    """Sends `first`, and then `more` every second until the server closes; what it said, and after how many seconds."""
    began = time.monotonic()
    said, ended = [], threading.Event()
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=90) as connection:
        connection.sendall(first)

        def read():
            with contextlib.suppress(OSError):
                while chunk := connection.recv(65536):
                    said.append(chunk)
            ended.set()

        threading.Thread(target=read, daemon=True).start()
        while not ended.wait(1) and time.monotonic() - began < 85:
            with contextlib.suppress(OSError):
                connection.sendall(more)
        return b"".join(said), time.monotonic() - began


@pytest.mark.timeout(200)
def test_whoever_takes_their_time_is_cut_off_and_a_stream_is_not(world):
    """All at once, since each takes its time."""
    token = world.demo.counselor.token
    head = "POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    chunked = (
        "POST /api/auth/password HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n")
    page = (
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1000\r\n\r\n")
    cases = {
        "a body": (head.encode(), b" "), "a chunked body": (chunked.encode(), b"1\r\n \r\n"),
        "a form": (page.encode(), b"x"), "a body that stops": (head.encode(), b""),
        "headers": (b"GET /health HTTP/1.1\r\nHost: x\r\n", b"X: x\r\n"),
        "a header": (b"GET /health HTTP/1.1\r\nX: ", b"x"),
        "nothing": (b"", b""), "nothing after an answer": (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b""),
    }
    results, outcome = {}, {}

    def run(name):
        results[name] = trickle(world, *cases[name])

    def listen():
        with Stream(world.demo.counselor, quiet_for=40) as stream:
            began = time.monotonic()
            for line in stream.lines():
                outcome["stream"] = time.monotonic() - began
                if outcome["stream"] > 75:
                    return

    threads = [threading.Thread(target=run, args=(name,)) for name in cases] + [threading.Thread(target=listen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(150)

    assert results.keys() == cases.keys()
    for name in ("a body", "a chunked body", "a form", "a body that stops"):
        said, seconds = results[name]
        assert said.startswith(b"HTTP/1.1 408 "), (name, said[:100])
        assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "too_slow", name
        assert 25 < seconds < 60, (name, seconds)
    for name in ("headers", "a header", "nothing", "nothing after an answer"):
        said, seconds = results[name]
        assert not said or said.startswith(b"HTTP/1.1 200 "), (name, said[:100])
        assert 50 < seconds < 85, (name, seconds)
    assert outcome["stream"] > 75


def test_two_million_bytes_are_too_large(world, http):
    answer = http.post("/api/auth/token", content=b"x" * 2_000_000, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


def test_a_body_without_an_end_is_refused_once_it_is_too_large(world):
    head = (
        b"POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")

    answer, _ = send(world, head + (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 40)

    assert answer.startswith(b"HTTP/1.1 413 ") or answer == b""
