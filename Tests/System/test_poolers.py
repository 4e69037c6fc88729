"""PgBouncer between Convene and its database: by the session it works, by the transaction it is refused."""

import contextlib
import subprocess
import urllib.parse

import pytest

from harness.own_postgresql import PROGRAMS, OwnPostgreSQL, PgBouncer
from test_own_database import book, refusal, serving  # noqa: F401  a fixture

USERS = {"tutoring": "secret", "convene_app": "app's own", "convene_worker": "worker's own"}


@pytest.fixture(scope="module")
def postgresql():
    made = OwnPostgreSQL()
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture
def pooler(postgresql):
    with contextlib.ExitStack() as ending:

        def start(users=USERS, **settings):
            made = PgBouncer(postgresql, users)
            ending.callback(made.stop)
            return made.start(**settings)

        yield start


def address(postgresql, database, role, port=None):
    return postgresql.url(database, role, urllib.parse.quote(USERS[role]), port)


def pooled(postgresql, pooler, database):
    """The settings of a Convene all of whose connections go through `pooler`."""
    for role in ("convene_app", "convene_worker"):
        if not postgresql.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            postgresql.run(f"CREATE ROLE {role}")
        postgresql.run(f"ALTER ROLE {role} LOGIN PASSWORD '{USERS[role].replace(chr(39), chr(39) * 2)}'")
    url = {name: address(postgresql, database, name, pooler.port) for name in USERS}
    return {"url": url["tutoring"], "CONVENE_DATABASE_APP_URL": url["convene_app"],
            "CONVENE_DATABASE_WORKER_URL": url["convene_worker"]}


def role_is_in_force(people, postgresql, database):
    """What is taken from the role is missed: nothing works under another."""
    groups = f"/api/organizations/{people.id}/groups"
    assert people.admin.get(groups).status_code == 200
    postgresql.run("REVOKE ALL ON groups FROM convene_app", database)
    assert people.admin.get(groups).status_code == 500


def test_session_pooling_works_with_pgbouncers_defaults(postgresql, pooler, serving):
    postgresql.database("by_session")

    server = serving(**pooled(postgresql, pooler(), "by_session"))

    people = book(server)
    seen = "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'by_session' AND usename LIKE 'convene%'"
    assert set(postgresql.run(seen).split()) == {"convene_app", "convene_worker"}
    done = server.command("check")
    assert done.returncode == 0, done.stdout + done.stderr
    role_is_in_force(people, postgresql, "by_session")


def test_without_a_pooler_the_role_is_as_much_in_force(postgresql, serving):
    role_is_in_force(book(serving(postgresql.database("direct"))), postgresql, "direct")


def test_a_pooler_that_asks_postgresql_for_passwords_needs_no_login_urls(postgresql, pooler, serving):
    postgresql.run("ALTER ROLE postgres PASSWORD 'super'")
    postgresql.database("by_query")
    asking = pooler({"postgres": "super"}, auth_user="postgres")

    book(serving(postgresql.url("by_query", port=asking.port)))


def test_a_pooler_that_ignores_startup_parameters_takes_nothing_from_us(postgresql, pooler, serving):
    postgresql.database("ignoring")

    people = book(serving(**pooled(postgresql, pooler(ignore_startup_parameters="options"), "ignoring")))

    role_is_in_force(people, postgresql, "ignoring")


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_pooling_by_less_than_the_session_is_refused_in_one_sentence(postgresql, pooler, serving, mode):
    database = f"by_{mode}"
    url = postgresql.database(database)
    settings = pooled(postgresql, pooler(pool_mode=mode), database)

    told = refusal(serving(**settings, ready=False))
    assert "pool_mode = session" in told or mode == "statement" and "statement pooling" in told, told

    # The same for requests alone.
    told = refusal(serving(**(settings | {"url": url}), ready=False))
    assert "CONVENE_DATABASE_APP_URL" in told
    assert "pool_mode = session" in told or mode == "statement" and "statement pooling" in told, told


@pytest.mark.parametrize("robin", ["0", "1"])
@pytest.mark.soak
def test_transaction_pooling_is_found_out_under_load(postgresql, pooler, serving, robin):
    database = f"loaded_{robin}"
    url = postgresql.database(database)
    busy = pooler(pool_mode="transaction", server_round_robin=robin)
    settings = pooled(postgresql, busy, database)
    serving(**(settings | {"url": url, "CONVENE_DATABASE_APP_URL": address(postgresql, database, "convene_app"),
                           "CONVENE_DATABASE_WORKER_URL": address(postgresql, database, "convene_worker")}))
    script = busy.folder / "load.sql"
    script.write_text("BEGIN; SELECT pg_sleep(0.002); COMMIT;\n")
    load = subprocess.Popen(
        [PROGRAMS / "pgbench", "-n", "-c", "12", "-T", "120", "-f", script, settings["CONVENE_DATABASE_APP_URL"]],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(8):
            told = refusal(serving(**(settings | {"url": url}), ready=False))
            assert "pool_mode = session" in told, told
        assert load.poll() is None
    finally:
        load.kill()
        load.wait()


def test_a_pooler_that_logs_in_as_somebody_else_is_refused(postgresql, pooler, serving):
    postgresql.database("forced")
    forcing = pooler(database="* = host=127.0.0.1 port={port} user=tutoring")

    told = refusal(serving(**pooled(postgresql, forcing, "forced"), ready=False))

    assert "tutoring" in told and "convene_app" in told
