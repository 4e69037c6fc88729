"""Starting, stopping, and what happens when something is killed."""

import concurrent.futures
import json
import os
import re
import signal
import subprocess
import threading
import time

import httpx
import pytest

from harness import mails
from harness.bookings import Times, booking
from harness.client import Organization
from harness.database import PostgreSQL
from harness.processes import BINARY, Server
from harness.waiting import wait_until


def health(server):
    return httpx.get(f"{server.url}/health", timeout=5).status_code


def test_the_first_start_makes_a_database_and_later_ones_keep_it(new_world):
    world = new_world(empty=True)
    session = world.demo.counselor.book(world.booking()).json()["sessionId"]

    assert world.server.stop() == 0
    world.server.start()

    assert world.demo.counselor.session(session)["sessionId"] == session


def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(new_world):
    world = new_world()
    second = Server("second", world.simulators, folder=world.server.folder)

    second.start(ready=False)

    assert second.wait(15) not in (0, -signal.SIGSEGV, -signal.SIGILL, -signal.SIGTRAP, None)
    assert str(world.server.data) in second.log.read_text()
    assert health(world.server) == 200


def test_a_killed_server_leaves_nothing_that_hinders_the_next(new_world):
    world = new_world()
    session = world.demo.counselor.book(world.booking()).json()["sessionId"]

    world.server.kill9()
    world.server.start()  # at once, with the old PostgreSQL perhaps still ending

    assert world.demo.counselor.session(session)["sessionId"] == session
    world.invariants()


def test_links_name_the_port_that_was_taken(simulators):
    server = Server("any-port", simulators)
    server.arguments[server.arguments.index("--port") + 1] = "0"
    try:
        server.start(ready=False)
        announced = wait_until(
            lambda: re.search(r"ready at (http://127\.0\.0\.1:[1-9]\d*)\n", server.log.read_text()), within=60)
        url = announced[1]
        httpx.post(f"{url}/api/auth/magic-link", json={"email": "mentor@demo.example"}).raise_for_status()
        mails.link(server, "mentor@demo.example", f"{url.removeprefix('http://127.0.0.1')}/sign-in/link?")
    finally:
        server.stop()
        server.remove()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_server_cleanly_within_ten_seconds(new_world, name):
    world = new_world()
    world.demo.counselor.book(world.booking())
    postmaster = world.postgresql.postmaster[0]
    with httpx.stream("GET", f"{world.server.url}/api/events/stream", headers=world.demo.counselor.headers) as stream:
        assert stream.status_code == 200  # somebody listens: that must not keep it from ending

        world.server.signal(getattr(signal, name))
        assert world.server.wait(10) == 0

    assert not os.path.exists(f"/proc/{postmaster}")


def test_a_meeting_that_is_being_made_is_there_before_the_server_ends(new_world):
    world = new_world()
    # Feishu cannot be asked later what became of a call: broken off, this one would be a case for a person.
    world.simulators.fault("feishu", "slow", "create", count=1, delayMs=2000)
    session = world.demo.counselor.book(world.booking(meetingProvider="feishu")).json()["sessionId"]
    asked = "SELECT count(*) FROM provider_calls WHERE operation = 'create' AND status = 'intended'"
    wait_until(lambda: int(world.postgresql.value(asked)) == 1, within=10, what="the provider to be asked")

    assert world.server.stop() == 0
    world.server.start()

    assert world.demo.counselor.session(session)["status"] == "scheduled"
    world.invariants()


def test_a_provider_that_hangs_does_not_keep_the_server_from_ending(new_world):
    world = new_world()
    world.simulators.fault("zoom", "slow", "create", count=1, delayMs=30_000)
    world.demo.counselor.book(world.booking())
    asked = "SELECT count(*) FROM provider_calls WHERE operation = 'create' AND status = 'intended'"
    wait_until(lambda: int(world.postgresql.value(asked)) == 1, within=10, what="the provider to be asked")

    world.server.signal(signal.SIGTERM)

    assert world.server.wait(10) == 0


def test_what_was_asked_before_the_signal_is_answered(new_world):
    world = new_world()
    counselor = world.demo.counselor
    wanted = [world.booking() for _ in range(20)]
    counselor.token  # noqa: B018

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(counselor.book, each, f"key-{number}") for number, each in enumerate(wanted)]
        wait_until(lambda: any(each.done() for each in asked), within=10)
        world.server.signal(signal.SIGTERM)
        answered = [each for each in asked if not isinstance(each.exception(), httpx.TransportError)]
        assert world.server.wait(10) == 0

    assert all(each.result().status_code in (201, 503) for each in answered)
    world.server.start()
    for number, each in enumerate(wanted):
        again = counselor.book(each, f"key-{number}")
        assert again.status_code == 201
        if asked[number] in answered and asked[number].result().status_code == 201:
            assert again.content == asked[number].result().content


def test_a_killed_postgresql_gives_honest_errors_and_then_works_again(new_world):
    world = new_world()
    counselor = world.demo.counselor
    counselor.token  # noqa: B018
    acknowledged = [counselor.book(world.booking()).json()["sessionId"] for _ in range(10)]

    os.kill(world.postgresql.postmaster[0], signal.SIGKILL)

    statuses, back = set(), None
    deadline = time.monotonic() + 60
    while back is None and time.monotonic() < deadline:
        try:
            answer = counselor.book(world.booking())
        except httpx.TransportError as error:
            raise AssertionError(f"the server dropped a connection instead of answering: {error}") from error
        statuses.add(answer.status_code)
        if answer.status_code == 201:
            back = time.monotonic()
    assert back, f"it never came back: {statuses}"
    assert statuses <= {201, 503}
    # A connection whose backend outlived the kill for a moment may still be lent once, and says so.
    for session in acknowledged:
        wait_until(
            lambda: counselor.get(f"/api/counselor/sessions/{session}").status_code == 200, within=10,
            what=f"session {session}")
    assert world.server.alive
    wait_until(
        lambda: httpx.get(f"{world.server.url}/ready", timeout=5).status_code == 200, within=5,
        what="readiness after PostgreSQL's return")
    world.invariants()


def test_a_lock_that_stays_is_an_honest_refusal_and_no_mistake(new_world):
    world = new_world()
    wanted = world.booking()
    world.demo.counselor.token  # noqa: B018
    locked = "SELECT count(*) FROM pg_locks WHERE relation = 'calendar_slots'::regclass AND mode = 'AccessExclusiveLock'"

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        lock = pool.submit(
            world.postgresql.run, "BEGIN; LOCK TABLE calendar_slots; SELECT pg_sleep(5); ROLLBACK;")
        wait_until(lambda: world.postgresql.value(locked), within=5)
        refused = world.demo.counselor.book(wanted, "held up")
        lock.result()

    assert refused.status_code == 503, refused.text
    assert refused.headers["retry-after"] and refused.json()["code"] == "unavailable"
    assert world.demo.counselor.book(wanted, "held up").status_code == 201


def test_a_server_is_ready_while_requests_wait_for_a_lock(new_world):
    """A balancer takes out who is not ready: just then that would be every instance."""
    world = new_world(CONVENE_DATABASE_CONNECTIONS="4")
    headers = world.demo.counselor.headers
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'convene_app' AND wait_event_type = 'Lock'"

    over = threading.Event()
    statuses = set()

    def ask(_):
        with httpx.Client(base_url=world.server.url, headers=headers, timeout=30, verify=False) as client:
            while not over.is_set():
                statuses.add(client.get("/api/counselor/sessions").status_code)

    with concurrent.futures.ThreadPoolExecutor(17) as pool:
        lock = pool.submit(world.postgresql.run, "BEGIN; LOCK TABLE memberships; SELECT pg_sleep(60); ROLLBACK;")
        try:
            asked = [pool.submit(ask, number) for number in range(16)]
            wait_until(lambda: int(world.postgresql.value(waiting)) >= 4, within=30, what="every connection to wait")
            wait_until(lambda: 503 in statuses, within=30, what="somebody to be told that there is no connection left")
            ready = [httpx.get(f"{world.server.url}/ready", timeout=5, verify=False).status_code for _ in range(10)]
            assert not lock.done()
        finally:
            over.set()
            world.postgresql.run("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()""")
        for one in asked:
            one.result()

    assert ready == [200] * 10
    assert statuses <= {200, 503}


def test_the_migrations_are_what_the_database_holds(world):
    done = world.server.command("migrate", "verify")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_check_names_what_is_wrong(new_world):
    world = new_world()
    session = world.demo.counselor.book(world.booking()).json()["sessionId"]
    world.postgresql.run(f"UPDATE calendar_slots SET status = 'cancelled' WHERE session_id = '{session}'")

    done = world.server.command("check")

    assert done.returncode == 1
    assert session in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--port", "ninety"], "--port"),
        (["--port", "99999"], "CONVENE_PORT"),
        (["--roles", "cook"], "CONVENE_ROLES"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(world, arguments, named):
    done = world.server.command("serve", *arguments)

    assert done.returncode > 0
    assert named in done.stderr


def test_an_unknown_command_is_refused_by_name():
    done = subprocess.run([BINARY, "fly"], capture_output=True, text=True, timeout=60)

    assert done.returncode > 0
    assert "'fly'" in done.stderr


def test_the_demo_is_not_put_beside_somebodys_data():
    server = Server("not-demo", arguments=())
    try:
        server.start()
        PostgreSQL(server.data).run("INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'acme', 'Acme')")
        assert server.stop() == 0
        server.log.unlink()

        server.arguments.append("--demo")
        server.start(ready=False)

        assert server.wait(30) == 1
        assert "not the demo's" in server.log.read_text()
        assert not (server.data / "postgres/postmaster.pid").exists()
    finally:
        server.remove()


def test_a_demo_in_which_somebody_founded_an_organization_starts_again(new_world):
    world = new_world()
    world.postgresql.run("INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'acme', 'Acme')")
    world.postgresql.run("UPDATE organizations SET slug = 'renamed' WHERE slug = 'rival'")
    assert world.server.stop() == 0

    world.server.start()

    assert world.demo.counselor.get("/api/auth/me").status_code == 200


def test_the_demo_with_its_own_providers_books_and_ends_cleanly():
    server = Server("alone").start()
    try:
        people = Organization(server, "demo")
        wanted = booking("regular_mentoring", Times().next(), people.student.id, people.mentor.id)
        session = people.counselor.book(wanted).json()["sessionId"]
        wait_until(
            lambda: people.counselor.session(session)["status"] == "scheduled", within=30, what="its meeting")

        assert server.stop(within=10) == 0
    finally:
        server.remove()


def test_health_readiness_and_metrics_need_no_account(world):
    for path in ("/health", "/ready", "/metrics", "/openapi.json"):
        assert httpx.get(world.server.url + path).status_code == 200, path
    metrics = httpx.get(f"{world.server.url}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "process_resident_memory_bytes" in metrics.text


def test_no_secret_reaches_the_log(world):
    world.demo.counselor.http.post(
        "/api/auth/token", json={"email": "counselor@demo.example", "password": "hunter2-is-wrong"})
    world.demo.counselor.get("/api/auth/me")

    log = world.server.log.read_text(errors="replace")
    for secret in ("hunter2-is-wrong", "convene-demo\"", world.demo.counselor.token):
        assert secret not in log


def test_what_runs_is_told_in_health_log_and_metrics(world):
    told = httpx.get(f"{world.server.url}/health").json()
    version, commit = told["version"], told["commit"]

    printed = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout
    assert printed == f"{version} ({commit})\n"
    assert f'convene_build_info{{commit="{commit}",version="{version}"}} 1' in httpx.get(f"{world.server.url}/metrics").text
    first = json.loads(next(line for line in world.server.log.read_text().splitlines() if line.startswith("{")))
    assert (first["version"], first["commit"]) == (version, commit)
