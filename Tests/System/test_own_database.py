"""A PostgreSQL of somebody's own: whoever owns the database, whatever its locale, path and surroundings."""

import base64
import concurrent.futures
import contextlib
import itertools
import pathlib
import re
import signal
import threading

import httpx
import psycopg
import pytest

from harness import mails, newcomers
from harness.bookings import Times, booking
from harness.client import Organization
from harness.tokens import SIGNING_KEY, base64url, derived
from harness.own_postgresql import OwnPostgreSQL
from harness.processes import Server
from harness.waiting import wait_until

# What people have in the environment that they share with a PostgreSQL (manual of libpq, 34.15).
SURROUNDINGS = {
    "PGTZ": "Europe/Berlin", "PGDATESTYLE": "German", "PGOPTIONS": "-c role=nobody -c search_path=elsewhere",
    "PGSERVICE": "elsewhere", "PGSERVICEFILE": "/nowhere", "PGSYSCONFDIR": "/nowhere", "PGHOST": "10.0.0.1",
    "PGHOSTADDR": "10.0.0.1", "PGPORT": "1", "PGUSER": "somebody", "PGPASSWORD": "wrong", "PGPASSFILE": "/nowhere",
    "PGDATABASE": "elsewhere", "PGSSLMODE": "verify-full", "PGREQUIRESSL": "1", "PGSSLROOTCERT": "/nowhere",
    "PGCHANNELBINDING": "require", "PGTARGETSESSIONATTRS": "standby", "PGREQUIREPEER": "nobody",
    "PGCLIENTENCODING": "LATIN1", "PGGSSENCMODE": "require", "PGCONNECT_TIMEOUT": "1", "PGAPPNAME": "elsewhere",
}


@pytest.fixture(scope="module")
def postgresql():
    made = OwnPostgreSQL()
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture
def serving(request, postgresql, simulators):
    """Starts servers on databases of somebody's own; all have one signing key unless told otherwise."""
    postgresql.forget_logins()
    numbers = itertools.count(1)
    with contextlib.ExitStack() as ending:

        def start(url, ready=True, **environment):
            environment = {"CONVENE_SIGNING_KEY": SIGNING_KEY, "DATABASE_URL": url} | environment
            name = re.sub(r"[^\w-]+", "-", request.node.name)[:80]
            server = Server(f"{name}-{next(numbers)}", simulators, **environment)
            ending.callback(server.remove)
            ending.callback(server.stop)
            return server.start(ready=ready)

        yield start


def refusal(server):
    """What a server that does not start says last."""
    assert server.wait(30) == 1, server.tail()
    return server.log.read_text().strip().splitlines()[-1]


def book(server):
    people = Organization(server, "demo")
    answer = people.counselor.book(booking("regular_mentoring", Times().next(), people.student.id, people.mentor.id))
    assert answer.status_code == 201, answer.text
    return people


def tables(postgresql, database):
    return postgresql.run(
        "SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'", database).split()


def test_an_owner_who_is_no_superuser_is_enough(postgresql, serving):
    url = postgresql.database("ordinary")
    postgresql.run("REVOKE ALL ON DATABASE ordinary FROM PUBLIC")  # as where several share a server

    server = serving(url)

    book(server)

    done = server.command("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_demo_of_several_processes_books_its_sessions_once(postgresql, serving):
    url = postgresql.database("demo_of_two")
    shared = {"CONVENE_DEMO_SESSIONS": "four-weeks", "CONVENE_ENCRYPTION_KEY": base64.b64encode(bytes(32)).decode()}
    first = serving(url, **shared)
    second = serving(url, **shared)

    def told():
        return re.findall(r'"the demo has its sessions".*"sessions":"(\d+)"', first.log.read_text() + second.log.read_text())

    booked = wait_until(told, within=60, what="the demo's sessions")
    book(second)  # which waits for no meeting, so that its workers may have begun or not
    assert len(told()) == 1
    count = postgresql.run("SELECT count(*) FROM all_sessions", "demo_of_two")
    assert int(re.search(r"\d+", count)[0]) == int(booked[0]) + 1
    done = second.command("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_requests_and_workers_log_in_as_roles_that_lead_nowhere(postgresql, serving):
    book(serving(postgresql.database("roles")))

    connected = "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'roles' ORDER BY 1"
    assert postgresql.run(connected).split() == ["convene_app", "convene_worker"]
    for role in ("convene_app", "convene_worker"):
        for other in {"tutoring", "postgres", "convene_app", "convene_worker", "convene_gate", "convene_auditor"} - {role}:
            for way in (f"SET ROLE {other}", f"SET SESSION AUTHORIZATION {other}"):
                with pytest.raises(psycopg.Error, match="permission denied"):
                    postgresql.run(way, "roles", role)
        back = "RESET ROLE; SET ROLE NONE; RESET SESSION AUTHORIZATION; SELECT current_user, session_user"
        assert postgresql.run(back, "roles", role) == f"{role}|{role}"


def test_no_password_of_the_roles_reaches_a_log(postgresql, serving):
    postgresql.run("ALTER SYSTEM SET log_statement = 'all'")
    postgresql.run("SELECT pg_reload_conf()")
    server = serving(postgresql.database("logged"))
    postgresql.run("ALTER SYSTEM RESET log_statement")
    postgresql.run("SELECT pg_reload_conf()")

    log = (postgresql.folder / "log").read_text()
    assert "convene.verifier" in log
    for role in ("convene_app", "convene_worker"):
        password = base64url(derived(f"convene password of {role}"))
        postgresql.log_in(role, password, "logged")  # it is the one
        assert password not in log + server.log.read_text()


def test_the_environment_of_libpq_is_not_listened_to(postgresql, serving):
    book(serving(postgresql.database("surroundings"), **SURROUNDINGS))


def test_the_private_database_is_reached_whatever_the_environment_says(new_world):
    world = new_world(**SURROUNDINGS)

    assert world.demo.counselor.book(world.booking()).status_code == 201
    world.invariants()


@pytest.mark.parametrize("cause", [
    "CREATE SCHEMA tutoring AUTHORIZATION tutoring",
    "CREATE SCHEMA other AUTHORIZATION tutoring; ALTER DATABASE {name} SET search_path = other",
    "CREATE SCHEMA other AUTHORIZATION tutoring; ALTER ROLE tutoring IN DATABASE {name} SET search_path = other, public",
], ids=["own schema", "path of the database", "path of the role"])
def test_tables_are_made_in_public_wherever_the_path_leads(postgresql, serving, cause):
    name = f"path_{abs(hash(cause)) % 10_000}"
    url = postgresql.database(name)
    postgresql.run(cause.format(name=name), name)

    book(serving(url))

    assert tables(postgresql, name) == ["public"]


@pytest.mark.parametrize(("name", "more", "cause", "told"), [
    ("no_public", "ENCODING 'UTF8'", "DROP SCHEMA public", "has no schema public"),
    ("closed", "ENCODING 'UTF8'", "ALTER SCHEMA public OWNER TO postgres", "may not create tables"),
    ("latin", "ENCODING 'LATIN1' LOCALE 'C'", "", "encoding is LATIN1"),
    ("readonly", "ENCODING 'UTF8'", "ALTER DATABASE readonly SET default_transaction_read_only = on", "takes no changes"),
])
def test_a_database_that_cannot_hold_us_is_refused_in_one_sentence(postgresql, serving, name, more, cause, told):
    url = postgresql.database(name, more=more)
    postgresql.run(cause, name)

    server = serving(url, ready=False)

    assert told in refusal(server)
    assert tables(postgresql, name) == []


@pytest.mark.parametrize("locale", ["en-US", "tr-TR"])
def test_an_icu_locale_makes_no_difference(postgresql, serving, locale):
    name = "icu_" + locale.replace("-", "_").lower()
    server = serving(postgresql.database(name, more=f"LOCALE_PROVIDER icu ICU_LOCALE '{locale}' LOCALE 'C.UTF-8'"))

    people = book(server)

    # In Turkish the small letter of I is ı, which an address does not mean.
    body = {"email": "ADMIN@DEMO.EXAMPLE", "password": "convene-demo"}
    assert people.admin.http.post("/api/auth/token", json=body).status_code == 200
    invited = people.admin.post(f"/api/organizations/{people.id}/invitations", {"email": "IRIS@DEMO.EXAMPLE", "role": "mentor"})
    assert invited.status_code == 201, invited.text
    names = [member["name"] for member in people.admin.items(f"/api/organizations/{people.id}/members")]
    assert len(names) == len(set(names)) == 15
    # A name in capitals has its address from the same letters.
    founder = people.admin.http.post(
        "/api/auth/sign-up", json={"email": "INGRID@IT.EXAMPLE", "organizationName": "IT School of LIMERICK"})
    assert founder.status_code == 202, founder.text
    token = httpx.URL(mails.link(server, "ingrid@it.example", "/invitation?")).params["token"]
    body = {"token": token, "name": "Ingrid", "password": newcomers.PASSWORD, "timeZone": "Europe/Istanbul"}
    people.admin.http.post("/api/auth/invitations/sign-up", json=body).raise_for_status()
    slugs = postgresql.run("SELECT slug FROM organizations", database=name).split()
    assert "it-school-of-limerick" in slugs
    done = server.command("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_installations_in_one_cluster_do_not_lock_each_other_out(postgresql, serving):
    first = serving(postgresql.database("first"))
    url = postgresql.database("second", owner="second_owner")
    other = {"CONVENE_SIGNING_KEY": "c2Vjb25kIGtleSBvZiBhbm90aGVyIGluc3RhbGxhdGlvbg=="}

    second = serving(url, ready=False, **other)

    told = refusal(second)
    assert "'first'" in told and "CONVENE_DATABASE_APP_URL" in told
    postgresql.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'first'")
    book(first)  # on connections made anew

    postgresql.run("ALTER ROLE convene_app PASSWORD 'by hand'; ALTER ROLE convene_worker PASSWORD 'by hand'")
    by_hand = {
        f"CONVENE_DATABASE_{name}_URL": postgresql.url("second", f"convene_{name.lower()}", "by%20hand")
        for name in ("APP", "WORKER")}
    book(serving(url, **other, **by_hand))


def test_a_login_url_of_somebody_else_is_refused(postgresql, serving):
    url = postgresql.database("swapped")
    logins = {"CONVENE_DATABASE_APP_URL": url, "CONVENE_DATABASE_WORKER_URL": url}

    assert "CONVENE_DATABASE_APP_URL" in refusal(serving(url, ready=False, **logins))


def test_more_connections_than_postgresql_has_are_refused_by_name(postgresql, serving):
    server = serving(postgresql.database("crowded"), ready=False, CONVENE_DATABASE_CONNECTIONS="200")

    told = refusal(server)
    assert "CONVENE_DATABASE_CONNECTIONS=200" in told and "max_connections" in told


def test_the_private_postgresql_has_room_for_every_connection(new_world):
    world = new_world(CONVENE_DATABASE_CONNECTIONS="200")

    assert int(world.postgresql.value("SELECT current_setting('max_connections')::int")) >= 200 + 50 + 5


def test_a_database_that_only_reads_is_busy_and_then_works_again(postgresql, serving):
    server = serving(postgresql.database("failover"))
    people = book(server)
    close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'failover'"
    postgresql.run("ALTER DATABASE failover SET default_transaction_read_only = on")
    postgresql.run(close)
    wanted = booking("regular_mentoring", Times(10).next(), people.student.id, people.mentor.id)

    refused = people.counselor.book(wanted, "while read only")

    assert refused.status_code == 503 and refused.headers["retry-after"], refused.text
    # As after a failover: connections that only read are closed by us, and new ones write.
    postgresql.run("ALTER DATABASE failover SET default_transaction_read_only = off")
    wait_until(lambda: people.counselor.book(wanted, "while read only").status_code == 201, within=10)


def test_a_postgresql_that_stands_still_is_given_up_within_seconds(postgresql, serving):
    server = serving(postgresql.database("stopped"))
    people = book(server)
    wanted = booking("regular_mentoring", Times(20).next(), people.student.id, people.mentor.id)
    headers = people.counselor.headers | {"Idempotency-Key": "stopped"}
    with concurrent.futures.ThreadPoolExecutor(9) as pool:  # so that each has a connection
        list(pool.map(lambda _: people.counselor.get("/api/auth/me"), range(200)))
    threads = pathlib.Path(f"/proc/{server.running.pid}/task")
    before = most = len(list(threads.iterdir()))
    postgresql.signal(signal.SIGSTOP)
    try:
        with concurrent.futures.ThreadPoolExecutor(9) as pool:
            reading = [pool.submit(people.counselor.get, "/api/auth/me") for _ in range(8)]
            # Its pipeline has a dozen statements, each with a time-out of its own.
            booking_ = pool.submit(
                httpx.post, f"{server.url}/api/counselor/sessions/book", json=wanted, timeout=15, headers=headers)
            while not booking_.done() or not all(one.done() for one in reading):
                most = max(most, len(list(threads.iterdir())))
                threading.Event().wait(0.05)
        refused = booking_.result()
    finally:
        postgresql.signal(signal.SIGCONT)
    # To ask a server that stands still to cancel blocks a thread: one for each connection, however often it is asked.
    assert most - before < 40

    assert refused.status_code == 503 and refused.headers["retry-after"], refused.text
    wait_until(lambda: people.counselor.book(wanted, "stopped").status_code == 201, within=30)
