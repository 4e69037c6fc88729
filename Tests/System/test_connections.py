"""Connections that stand and ask nothing, or ask and do not read: they cost little, and everybody else is served."""

import contextlib
import http.client
import json
import os
import pathlib
import resource
import select
import signal
import socket

import httpx
import pytest

from conftest import running
from harness import tokens
from harness.events import Stream
from harness.processes import Server
from harness.waiting import wait_until

STREAM = "/api/events/stream"


@pytest.fixture(scope="module", autouse=True)
def many_descriptors():
    """For the clients, which are this process."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="module")
def narrow():
    """A server under the limit that shells and service managers set, both the soft and the hard one."""
    with running(
            "narrow", start=False, CONVENE_SIGNING_KEY=tokens.SIGNING_KEY, CONVENE_STREAMS_PER_PERSON="10") as world:
        world.server.start(files=1024)
        yield world


def connect(world, stack):
    """A connection on which nothing is asked; `None` when the server takes no more just now."""
    connection = stack.enter_context(socket.socket())
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        connection.connect(("127.0.0.1", world.server.port))
    return connection


def descriptors(world):
    return len(os.listdir(f"/proc/{world.server.running.pid}/fd"))


def test_more_idle_connections_than_descriptors_leave_room_for_a_question(narrow):
    before = descriptors(narrow)
    with contextlib.ExitStack() as stack:
        for _ in range(1300):
            connect(narrow, stack)
        wait_until(lambda: descriptors(narrow) > 500, within=20, what="the connections to be accepted")

        for _ in range(5):
            assert httpx.get(f"{narrow.server.url}/health", timeout=20).status_code == 200
        assert httpx.get(f"{narrow.server.url}/ready", timeout=20).status_code == 200
        assert descriptors(narrow) < 1000

    wait_until(lambda: descriptors(narrow) < before + 50, within=20, what="the connections to be gone")
    assert narrow.demo.counselor.book(narrow.booking()).status_code == 201


def test_a_burst_of_connections_waits_its_turn_and_nobody_has_to_try_again(narrow):
    """A client whose first packet is dropped tries again after a second: that second is not there to be lost."""
    narrow.server.running.send_signal(signal.SIGSTOP)
    try:
        with contextlib.ExitStack() as stack:
            stands = select.poll()
            for _ in range(2000):
                stands.register(connect(narrow, stack), select.POLLOUT)
            wait_until(lambda: len(stands.poll(0)) == 2000, within=5, what="all of them to stand")
    finally:
        narrow.server.running.send_signal(signal.SIGCONT)

    assert httpx.get(f"{narrow.server.url}/health", timeout=20).status_code == 200


def test_a_connection_with_a_question_is_not_the_one_that_makes_room(narrow):
    with Stream(narrow.demo.counselor) as stream, contextlib.ExitStack() as stack:
        assert stream.response.status_code == 200
        for _ in range(1000):
            connect(narrow, stack)
        wait_until(lambda: descriptors(narrow) > 500, within=20, what="the connections to be accepted")
        httpx.get(f"{narrow.server.url}/health", timeout=20)

        narrow.demo.counselor.book(narrow.booking())

        assert any(event.type.endswith("session.created") for event in stream)


def test_the_soft_limit_is_raised(new_world):
    world = new_world(runner=["prlimit", "--nofile=1024:"])

    limits = next(line for line in open(f"/proc/{world.server.running.pid}/limits") if line.startswith("Max open files"))
    soft, hard = map(int, limits.split()[3:5])
    assert soft == min(hard, 65_536) > 1024


def test_one_person_has_few_streams_open_and_gets_the_places_back(narrow):
    person = narrow.demo.mentor
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            assert stack.enter_context(Stream(person)).response.status_code == 200

        with person.http.stream("GET", STREAM, headers=person.headers) as refused:
            assert refused.status_code == 429
            refused.read()
            assert refused.json()["code"] == "too_many_streams"
            assert int(refused.headers["retry-after"]) >= 1
        with Stream(narrow.demo.mentor2) as other:
            assert other.response.status_code == 200

    def is_taken_again():
        with Stream(person) as stream:
            return stream.response.status_code == 200

    wait_until(is_taken_again, within=20, what="the places to be given back")


def test_streams_leave_room_for_those_who_come_and_go(new_world):
    world = new_world(CONVENE_CONNECTIONS="40", CONVENE_STREAMS_PER_PERSON="0")
    person, other = world.demo.mentor, world.demo.counselor
    with contextlib.ExitStack() as stack:
        for _ in range(30):
            assert stack.enter_context(Stream(person)).response.status_code == 200

        with Stream(other) as refused:
            assert refused.response.status_code == 503
            refused.response.read()
            assert refused.response.json()["code"] == "unavailable"
            assert int(refused.response.headers["retry-after"]) >= 1
        assert other.get("/api/auth/me").status_code == 200

    def is_taken_again():
        with Stream(other) as stream:
            return stream.response.status_code == 200

    wait_until(is_taken_again, within=20, what="the places to be given back")


def test_asking_for_the_head_of_a_stream_takes_no_place(narrow):
    for _ in range(15):
        assert narrow.demo.student.request("HEAD", STREAM).status_code == 200
    with Stream(narrow.demo.student) as stream:
        assert stream.response.status_code == 200


def missed(world, count):
    """Puts events into the demo's feed of which nobody who listens is told. Returns the number of the newest."""
    counselor, organization = world.demo.counselor, world.demo.id
    with Stream(counselor) as stream:
        session = counselor.book(world.booking()).json()["sessionId"]
        first = next(iter(stream)).number
    wait_until(lambda: counselor.session(session)["status"] == "scheduled", within=60)
    wait_until(lambda: int(world.postgresql.value("SELECT count(*) FROM outbox_events")) == 0, within=20)
    # Positions before all others: the live feed has passed them, and none is taken that will be given out.
    world.postgresql.run(f"""
        WITH head AS (UPDATE feed_heads SET last_number = last_number + {count} WHERE organization_id = '{organization}'
                      RETURNING last_number - {count} AS number),
        begin AS (SELECT least(min(position), 0) AS position FROM event_feed)
        INSERT INTO event_feed (position, organization_id, number, id, aggregate_id, type, version, payload, audience,
                                occurred_at)
        SELECT begin.position - n, f.organization_id, head.number + n, gen_random_uuid(), f.aggregate_id, f.type,
               f.version, f.payload, f.audience, f.occurred_at
        FROM event_feed f, head, begin, generate_series(1, {count}) n
        WHERE f.organization_id = '{organization}' AND f.number = {first}""")
    return int(world.postgresql.value(f"SELECT last_number FROM feed_heads WHERE organization_id = '{organization}'"))


def test_whoever_missed_much_is_told_to_load_again(narrow):
    """Replaying it to everybody who asks would keep the server busy with nothing else."""
    counselor = narrow.demo.counselor
    head = missed(narrow, 1500)

    with Stream(counselor, last_event_id=head - 1500) as stream:
        event = next(iter(stream))
        assert (event.type, event.number) == ("reset", head)
    with Stream(counselor, last_event_id=head - 500) as stream:
        assert next(iter(stream)).number == head - 499


def test_proxies_are_asked_to_pass_events_on_at_once(narrow):
    with Stream(narrow.demo.admin) as stream:
        assert stream.response.headers["x-accel-buffering"] == "no"
        assert "no-transform" in stream.response.headers["cache-control"]


def held(world, connections):
    """Those that the server has not closed; whoever does not read does not hear of that."""
    ends = [line.split() for line in open("/proc/net/tcp")]
    theirs = {end[2]: end[9] for end in ends if end[1] == f"0100007F:{world.server.port:04X}"}
    return {name for name, connection in connections.items()
            if theirs.get(f"0100007F:{connection.getsockname()[1]:04X}", "0") != "0"}


@pytest.mark.soak
@pytest.mark.timeout(200)
def test_whoever_reads_nothing_is_cut_off(narrow):
    """All at once, since each takes half a minute: answers to pipelined requests, and a stream."""
    head = missed(narrow, 1000)
    headers = "".join(f"{name}: {value}\r\n" for name, value in narrow.demo.counselor2.headers.items())
    requests = {
        "events": f"GET {STREAM}?lastEventId={head - 900} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode(),
        "answers": b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200,
        "slowly read": b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100,
    }
    connections = {}
    with contextlib.ExitStack() as stack:
        for name, data in requests.items():
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", narrow.server.port))
            connection.sendall(data)
            connections[name] = connection
        wait_until(
            lambda: held(narrow, connections) == set(connections), within=20, what="the connections to be accepted")

        def only_who_reads():
            connections["slowly read"].recv(8192)
            return held(narrow, connections) == {"slowly read"}

        wait_until(only_who_reads, within=90, every=1, what="the connections that are not read to be closed")
        assert connections["slowly read"].recv(10)


# One document for everybody

def test_the_description_is_sent_once_to_whoever_keeps_it(world):
    with httpx.Client(base_url=world.server.url) as client:
        first = client.get("/openapi.json")
        tag = first.headers["etag"]
        assert first.status_code == 200 and "no-store" not in first.headers["cache-control"]
        for match in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = client.get("/openapi.json", headers={"If-None-Match": match})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get("/openapi.json", headers={"If-None-Match": '"other"'}).content == first.content


def test_the_description_is_not_written_anew_for_each_who_asks(world):
    def work():
        fields = pathlib.Path(f"/proc/{world.server.running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with httpx.Client(base_url=world.server.url) as client:
        before = work()
        for _ in range(40):
            assert client.get("/openapi.json").status_code == 200
        # Writing it costs a tenth of a second each time, where nothing is optimized.
        assert work() - before < 1


# The figures

def test_figures_are_for_this_machine_alone_when_there_is_no_token(world):
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert httpx.get(f"{world.server.url}/metrics", headers={name: "127.0.0.1"}).status_code == 404
    assert httpx.get(f"{world.server.url}/metrics").status_code == 200


def test_figures_are_for_whoever_has_the_token(new_world):
    token = "a-token-for-the-figures"
    world = new_world(CONVENE_METRICS_TOKEN=token, CONVENE_PUBLIC_URL="https://convene.example")

    def status(**headers):
        return httpx.get(f"{world.server.url}/metrics", headers=headers).status_code

    assert [status(), status(Authorization="Bearer wrong"), status(Authorization=token)] == [401, 401, 401]
    assert status(Authorization=f"Bearer {token}", **{"X-Forwarded-For": "203.0.113.7"}) == 200
    # Whoever forgets to name the proxy is told at the start.
    assert "CONVENE_TRUSTED_PROXIES" in world.server.log.read_text()


def test_behind_a_proxy_that_nobody_named_figures_are_for_nobody(new_world):
    world = new_world(CONVENE_PUBLIC_URL="https://convene.example")

    assert httpx.get(f"{world.server.url}/metrics").status_code == 404


# Starting and stopping

def test_a_port_that_is_taken_is_named_before_a_database_is_started(world):
    second = Server("taken", world.simulators)
    second.arguments[second.arguments.index("--port") + 1] = str(world.server.port)

    second.start(ready=False)

    assert second.wait(15) not in (0, None)
    said = second.log.read_text()
    assert f"127.0.0.1:{world.server.port} is taken" in said and len(said.splitlines()) == 1, said
    assert not (second.data / "postgres").exists() and not list(second.data.glob("**/PG_VERSION"))


@pytest.mark.parametrize(("setting", "value", "said"), [
    ("CONVENE_HOST", "192.0.2.1", "192.0.2.1:{port} is no address of this machine"),
    ("CONVENE_HOST", "no-such-host.invalid", "There is no host no-such-host.invalid"),
    ("DATABASE_URL", "postgres://a:b@c:d:e/%zz", "DATABASE_URL must be such as postgres://"),
    ("DATABASE_URL", "host=x frobnicate=1", "DATABASE_URL must be such as postgres://"),
    ("CONVENE_METRICS_TOKEN", "short", "CONVENE_METRICS_TOKEN must be"),
    ("CONVENE_CONNECTIONS", "0", "CONVENE_CONNECTIONS must be"),
])
def test_what_cannot_work_is_said_in_one_sentence(setting, value, said):
    server = Server(f"unusable-{setting}", **{setting: value})

    server.start(ready=False)

    assert server.wait(15) not in (0, None)
    log = server.log.read_text()
    assert said.format(port=server.port) in log and "a:b" not in log, log
    assert len(log.splitlines()) == 1


def test_an_ordinary_stop_is_no_error(new_world):
    world = new_world()
    with contextlib.ExitStack() as stack:
        kept = http.client.HTTPConnection("127.0.0.1", world.server.port)
        kept.request("GET", "/health")
        kept.getresponse().read()
        stack.enter_context(Stream(world.demo.counselor))
        connect(world, stack)
        half = connect(world, stack)
        wait_until(lambda: half.send(b"GET /health HTTP/1.1\r\nHost: x\r\n"), within=5)

        assert world.server.stop() == 0

    lines = [json.loads(line) for line in world.server.log.read_text().splitlines() if line.startswith("{")]
    assert [line for line in lines if line["level"] in ("error", "critical")] == []
