"""Commands that could destroy something, or that find nothing to work on."""

import os
import pathlib
import pty
import re
import subprocess

import httpx
import psycopg
import pytest

from harness.bookings import Times, booking
from harness.client import Organization
from harness.processes import BINARY, Server, data_folder
from harness.waiting import wait_until

NOBODY = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]


def tables(world, database):
    query = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    return int(world.postgresql.run(query, database=database))


@pytest.fixture
def lived_in(world, own_databases):
    """The address of a database with the demo's people in it, of an owner who is no superuser."""
    url = own_databases("convene_down")
    for command in ("migrate", "up"), ("seed",):
        done = world.server.command(*command, DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
    return url


def test_going_down_asks_how_far(world, lived_in):
    done = world.server.command("migrate", "down", "--yes", DATABASE_URL=lived_in)

    assert done.returncode != 0 and "--to" in done.stderr
    assert tables(world, "convene_down") > 30


def test_going_down_no_further_than_there_is_a_way(world, lived_in):
    before = tables(world, "convene_down")

    done = world.server.command("migrate", "down", "--to", "9999", "--yes", DATABASE_URL=lived_in)

    assert done.returncode == 1 and "there is no migration 9999" in done.stderr, done.stdout + done.stderr
    assert tables(world, "convene_down") == before


def test_going_down_names_what_is_lost_and_does_nothing_until_it_is_told_to(world, lived_in):
    before = tables(world, "convene_down")

    asked = world.server.command("migrate", "down", "--to", "0", DATABASE_URL=lived_in)

    assert asked.returncode == 1 and "Nothing was changed" in asked.stderr
    assert "the table users, 23 rows" in asked.stdout and "the table organizations, 2 rows" in asked.stdout
    assert tables(world, "convene_down") == before

    part = world.server.command("migrate", "down", "--to", "6", DATABASE_URL=lived_in)

    assert "the table user_preferences, " in part.stdout and "the table users," not in part.stdout

    told = world.server.command("migrate", "down", "--to", "0", "--yes", DATABASE_URL=lived_in)

    assert told.returncode == 0, told.stderr
    assert tables(world, "convene_down") == 0


def test_going_down_refuses_while_somebody_else_is_connected(world, lived_in):
    before = tables(world, "convene_down")
    other = subprocess.Popen(
        ["psql", "--no-psqlrc", "--dbname", lived_in], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'convene_down'"
        wait_until(lambda: world.postgresql.run(connected) == "1", within=10, what="psql to be connected")

        done = world.server.command("migrate", "down", "--to", "0", "--yes", DATABASE_URL=lived_in)
    finally:
        other.communicate()

    assert done.returncode == 1 and "1 other connection is open" in done.stderr
    assert tables(world, "convene_down") == before
    running = world.server.command("migrate", "down", "--to", "0", "--yes")
    assert running.returncode == 1 and "Stop every server first" in running.stderr


@pytest.mark.parametrize(("answer", "left"), [("no", True), ("yes", False)])
def test_somebody_at_a_terminal_is_asked(world, lived_in, answer, left):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
            [BINARY, "migrate", "down", "--to", "0", "--database-url", lived_in], stdin=theirs,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as command:
        os.write(ours, f"{answer}\n".encode())
        output, _ = command.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert "Type yes" in output
    assert (tables(world, "convene_down") > 0) == left, output


def test_an_invitation_leads_to_the_server_that_runs(new_world):
    world = new_world()

    def link():
        done = world.server.command("invite-admin", "new@example.org")
        assert done.returncode == 0 and str(world.server.data) in done.stdout, done.stderr
        return done.stdout.split()[-1]

    running = link()

    assert running.startswith(f"{world.server.url}/")
    assert httpx.get(running).status_code == 200

    world.server.kill9()

    assert (world.server.data / "listening.json").exists()
    assert link().startswith("http://127.0.0.1:8080/"), "a server that is gone is nowhere"

    world.server.start()
    assert link().startswith(f"{world.server.url}/")
    assert world.server.stop() == 0
    assert not (world.server.data / "listening.json").exists()


@pytest.mark.parametrize(
    "command", [("invite-admin", "new@example.org"), ("check",), ("migrate", "status"), ("backup", "convene.dump"),
                ("migrate", "down", "--to", "3", "--yes")], ids=" ".join)
def test_a_command_on_a_folder_without_convene_makes_nothing(tmp_path, command):
    done = subprocess.run(
        [BINARY, *command, "--data-dir", tmp_path / "data"], capture_output=True, text=True, timeout=60, cwd=tmp_path)

    assert done.returncode == 1
    assert str(tmp_path / "data") in done.stderr and "--data-dir" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_invitation_makes_no_schema(world, own_databases):
    url = own_databases("convene_bare")

    done = world.server.command("invite-admin", "new@example.org", DATABASE_URL=url)

    assert done.returncode == 1 and "start the server first" in done.stderr
    assert tables(world, "convene_bare") == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a number without a name")
def test_a_user_without_a_name_gets_a_database_all_the_same(simulators):
    folder = data_folder()
    os.chown(folder, 12345, 12345)
    server = Server("nameless", simulators, folder=folder, runner=NOBODY)
    try:
        server.start()
        people = Organization(server, "demo")
        wanted = booking("regular_mentoring", Times().next(), people.student.id, people.mentor.id)
        assert people.counselor.book(wanted).status_code == 201
        assert {path.name for path in server.data.glob("initdb*")} == set()

        assert server.stop() == 0
        server.start()
        assert server.stop() == 0
    finally:
        server.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a number without a name")
def test_a_user_without_a_name_is_told_what_to_do_before_anything_is_made():
    libraries = list(pathlib.Path("/usr/lib").glob("*/libnss_wrapper.so"))
    hidden = "".join(f"mount --bind /dev/null {library} && " for library in libraries)
    hide = ["unshare", "--mount", "sh", "-c", f'{hidden}exec "$@"', "sh"]
    if subprocess.run([*hide, "true"], capture_output=True).returncode != 0:
        pytest.skip("nothing may be mounted here")
    folder = data_folder()
    os.chown(folder, 12345, 12345)
    server = Server("nameless-and-bare", folder=folder, runner=[*hide, *NOBODY])
    try:
        server.start(ready=False)

        assert server.wait(30) == 1
        assert "12345" in server.log.read_text() and "libnss-wrapper" in server.log.read_text()
        assert list(folder.iterdir()) == []
    finally:
        server.remove()


def test_what_is_refused_does_not_fill_postgresqls_log(world):
    log = world.server.data / "postgres.log"
    taken = world.booking()
    world.demo.counselor.book(taken).raise_for_status()
    before = log.stat().st_size

    answers = [world.demo.counselor.book(taken).status_code for _ in range(100)]
    answers += [world.demo.student.book(taken).status_code for _ in range(100)]
    answers += [world.rival.counselor.patch(f"/api/organizations/{world.demo.id}", {"name": "Mine"}).status_code
                for _ in range(100)]
    for _ in range(20):
        for mistake in ("SELECT 1 / 0", "SELECT refuse('no')"):
            with pytest.raises(psycopg.Error):
                world.postgresql.run(mistake)

    assert set(answers) <= {403, 404, 409}
    assert log.stat().st_size - before < 1000, log.read_text()[-2000:]


def test_the_version_names_the_commit():
    done = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True)

    assert re.fullmatch(r"\d+\.\d+\.\d+ \(([0-9a-f]{12}(-dirty)?|unknown)\)\n", done.stdout)


def test_keys_of_a_database_without_a_schema_are_not_rotated(world, own_databases):
    done = world.server.command("rotate-keys", DATABASE_URL=own_databases("convene_keyless"))

    assert done.returncode == 1 and "start the server first" in done.stderr, done.stderr


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port=-1"], ["--webhooks-to", "nowhere"]])
def test_simulators_are_not_started_anywhere_else(arguments):
    done = subprocess.run([BINARY, "simulate", *arguments], capture_output=True, text=True, timeout=30)

    assert done.returncode > 0 and arguments[0].split("=")[0] in done.stderr
