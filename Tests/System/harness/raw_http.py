"""A small HTTP/1.1 client over one kept-alive connection, quick enough to load a server from Python.

httpx takes about a millisecond of processor a request, which on two cores would measure httpx.
"""

import concurrent.futures
import contextlib
import http.client
import json
import socket
import time


class Wire:
    def __init__(self, server, person):
        self.address = ("127.0.0.1", server.port)
        self.person = person
        self.socket = None

    def post(self, path, body, key=None):
        """(status, body, seconds it took)"""
        content = json.dumps(body).encode()
        extra = f"Idempotency-Key: {key}\r\n" if key else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.address[0]}:{self.address[1]}\r\n"
            f"Authorization: Bearer {self.person.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n{extra}\r\n"
        )
        began = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(head.encode() + content)
        status, answer = self._read()
        return status, answer, time.perf_counter() - began

    def _read(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(rest) < length:
            rest += self._receive()
        if headers.get("connection", "").lower() == "close":
            self.socket.close()
            self.socket = None
        return int(lines[0].split()[1]), rest

    def _receive(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return chunk


def post_all(server, person, path, requests, connections):
    """Sends (body, key) pairs over that many connections at once; returns their (status, body, seconds) in order."""
    requests = list(requests)
    results = [None] * len(requests)

    def work(first):
        wire = Wire(server, person)
        for index in range(first, len(requests), connections):
            body, key = requests[index]
            results[index] = wire.post(path, body, key)

    with concurrent.futures.ThreadPoolExecutor(connections) as pool:
        for done in [pool.submit(work, first) for first in range(connections)]:
            done.result()
    return results


class Unchecked:
    """An answer to a request that no well-behaved client would have sent."""

    def __init__(self, response):
        self.status_code = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        # A stream does not end; that it was opened is all that is asked.
        streams = self.headers.get("content-type") == "text/event-stream"
        self.text = "" if streams else response.read().decode()

    def json(self):
        return json.loads(self.text)


def unchecked(port, method, path, headers=(), body=None):
    """Sends headers as they are given, pairs of text or bytes, whatever HTTP allows; `body` becomes JSON."""
    content = b"" if body is None else json.dumps(body).encode()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.putrequest(method, path)
        if body is not None:
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(len(content)))
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(content)
        return Unchecked(connection.getresponse())
