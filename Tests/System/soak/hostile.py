"""Everything that somebody hostile does to a server, until the time is over: a program of its own, so that it takes
nothing from those who measure. Prints, as JSON, how often each thing was done.

    hostile.py PORT SECONDS TOKEN COOKIE

CONVENE_SOAK_KINDS=deep,idle lets only some kinds happen.

Each kind comes from addresses of its own (all of 127.0.0.0/8 are this machine's) and has a bound on what it does at once.
"""

import asyncio
import collections
import contextlib
import functools
import json
import os
import random
import socket
import sys
import time
import urllib.parse

PORT, SECONDS = int(sys.argv[1]), float(sys.argv[2])
TOKEN, COOKIE = sys.argv[3], sys.argv[4]
END = time.monotonic() + SECONDS
done = collections.Counter()
FOREIGN_CURSOR = "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIC05MjIzMzcyMDM2ODU0Nzc1ODA4"  # -2^63


def left():
    return END - time.monotonic()


@contextlib.asynccontextmanager
async def connection(address, buffer=None):
    """A connection from one address of ours. `buffer` bounds what it takes before it is read, in bytes."""
    made = socket.socket()
    if buffer:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    made.setblocking(False)
    try:
        made.bind((address, 0))
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", PORT)), 10)
        yield made
    finally:
        made.close()


async def send(made, data):
    await asyncio.wait_for(asyncio.get_running_loop().sock_sendall(made, data), 30)


async def receive(made, size=65536):
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(made, size), 30)


def request(method, path, body=b"", **headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: convene", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def posted(body, path="/api/auth/token"):
    return request("POST", path, body, Content_Type="application/json", Connection="close")


async def ask(kind, address, data):
    """One request, whose answer is read to its end."""
    with contextlib.suppress(OSError, TimeoutError):
        async with connection(address) as made:
            done[kind] += 1
            await send(made, data)
            while await receive(made):
                pass


DEEP = [
    b'{"email":' + b"[" * 400 + b",".join([b"null"] * 1000) + b"]" * 400 + b"}",
    b'{"email":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"a":' * 500 + b"null" + b"}" * 500,
    b"[" * 300_000,
]
WIDE = [
    b"{" + b",".join(b'"x%d":null' % number for number in range(60_000)) + b"}",
    b'{"email":[' + b",".join([b"1e308"] * 150_000) + b"]}",
    b'{"email":"' + b"a" * 900_000 + b'"}',
]
ODD = [
    request("GET", f"/api/student/sessions?cursor={FOREIGN_CURSOR}", Authorization=f"Bearer {TOKEN}", Connection="close"),
    request("GET", f"/sessions?cursor={FOREIGN_CURSOR}", Cookie=f"convene={COOKIE}", Connection="close"),
    request("GET", "/week?from=99999999999999999999-01-01", Cookie=f"convene={COOKIE}", Connection="close"),
    request("GET", "/openapi.json", Connection="close"),
    request("GET", f"/api/{urllib.parse.quote('ä' * 500)}", Connection="close"),
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    bytes(random.Random(7).randbytes(4000)),
]


async def repeat(kind, bodies, network):
    while left() > 0:
        await ask(kind, f"127.0.{network}.{random.randrange(1, 250)}", random.choice(bodies))


async def guess(network):
    addresses = ["student@demo.example", "mentor@demo.example", "nobody@demo.example"]
    while left() > 0:
        body = json.dumps({"email": random.choice(addresses), "password": f"guess {random.random()}"}).encode()
        await ask("guesses", f"127.0.{network}.{random.randrange(1, 250)}", posted(body))


async def idle(number):
    """Holds a connection that says nothing, and takes another when it is closed."""
    while left() > 0:
        with contextlib.suppress(OSError, TimeoutError):
            async with connection(f"127.0.1.{number % 20 + 1}") as made:
                done["idle connections"] += 1
                await asyncio.wait_for(asyncio.get_running_loop().sock_recv(made, 1), max(left(), 0.1))
        await asyncio.sleep(1)


async def slow(number):
    """A request at a byte a second."""
    text = [request("GET", "/health", X_Padding="x" * 500), posted(b'{"email":"' + b"x" * 500 + b'"}')][number % 2]
    while left() > 0:
        with contextlib.suppress(OSError, TimeoutError):
            async with connection(f"127.0.2.{number % 20 + 1}") as made:
                done["slow senders"] += 1
                for byte in text:
                    if left() <= 0:
                        return
                    await send(made, bytes([byte]))
                    await asyncio.sleep(1)
        await asyncio.sleep(1)


async def unread(number):
    """Asks for much, and reads nothing of it."""
    asked = [request("GET", "/openapi.json") * 50, posted(WIDE[0])][number % 2]
    while left() > 0:
        with contextlib.suppress(OSError, TimeoutError):
            async with connection(f"127.0.3.{number % 20 + 1}", buffer=4096) as made:
                done["unread answers"] += 1
                await send(made, asked)
                await asyncio.sleep(min(60, max(left(), 0.1)))
        await asyncio.sleep(1)


async def replay(number):
    """Asks for all events from the first, reads some, and begins again."""
    asked = request(
        "GET", "/api/events/stream?lastEventId=0", Authorization=f"Bearer {TOKEN}", Accept="text/event-stream",
        Last_Event_ID="0")
    while left() > 0:
        with contextlib.suppress(OSError, TimeoutError):
            async with connection(f"127.0.4.{number + 1}") as made:
                done["replays of the feed"] += 1
                await send(made, asked)
                read, until = 0, time.monotonic() + 20
                while read < 2_000_000 and time.monotonic() < min(END, until):
                    part = await receive(made)
                    read += len(part)
                    if not part:
                        break
        await asyncio.sleep(0.2)


async def main():
    kinds = {
        "deep": [lambda: repeat("deep bodies", [posted(body) for body in DEEP], 5)] * 4,
        "wide": [lambda: repeat("wide bodies", [posted(body) for body in WIDE], 6)] * 3,
        "odd": [lambda: repeat("odd requests", ODD, 7)] * 2,
        "guess": [lambda: guess(8)] * 8,
        "idle": [functools.partial(idle, number) for number in range(1500)],
        "slow": [functools.partial(slow, number) for number in range(100)],
        "unread": [functools.partial(unread, number) for number in range(60)],
        "replay": [functools.partial(replay, number) for number in range(10)],
    }
    only = os.environ.get("CONVENE_SOAK_KINDS", ",".join(kinds)).split(",")
    work = [start() for kind in only for start in kinds[kind]]
    tasks = [asyncio.create_task(each) for each in work]
    await asyncio.wait(tasks, timeout=SECONDS + 5)
    for task in tasks:
        task.cancel()
    print(json.dumps(done))


asyncio.run(main())
