"""Backup and restore, by the very lines of docs/operations.md."""

import os
import re
import stat
import subprocess

import pytest

from harness import grants
from harness.client import Organization
from harness.database import PostgreSQL
from harness.processes import BINARY, ROOT, Server, data_folder
from harness.waiting import wait_until

SECTION = re.search(
    r"^## Backup and restore$(.*?)^## ", (ROOT / "docs/operations.md").read_text(), re.MULTILINE | re.DOTALL)[1]
BACKUP, RESTORE = re.findall(r"^```sh\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
SHAPE = """
    SELECT format('%s %s %s', oid::regprocedure, proowner::regrole, proacl) AS line FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proowner::regrole::text LIKE 'convene\\_%'
            AND proowner::regrole::text <> 'convene_owner'
    UNION ALL SELECT format('%s %s %s', relname, relrowsecurity, relforcerowsecurity) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) FROM pg_policies
    UNION ALL SELECT format('%s %s', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('%s %s', sequencename, last_value) FROM pg_sequences WHERE sequencename LIKE 'audit%'
    UNION ALL SELECT format('schema %s', nspacl) FROM pg_namespace WHERE nspname = 'public' AND {compares_owners}
"""


class Place:
    """A server with a database of one kind, and what it takes to run commands on it."""

    def __init__(self, name, simulators, url=None):
        arguments = ("--demo", "--database-url", url) if url else ("--demo",)
        self.server = Server(name, simulators, folder=data_folder(), arguments=arguments)
        self.environment = {"CONVENE_DATA_DIR": str(self.server.data)} | ({"DATABASE_URL": url} if url else {})

    def run(self, script, folder):
        """The lines as an operator runs them, each in its turn, with `convene` on the path."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONVENE_")}
        inherited["PATH"] = f"{BINARY.parent}:{inherited['PATH']}"
        return subprocess.run(
            ["bash", "-euc", script], cwd=folder, env=inherited | self.environment, capture_output=True, text=True,
            timeout=120)

    @property
    def people(self):
        return Organization(self.server, "demo")

    def close(self):
        self.server.stop()
        self.server.remove()


@pytest.fixture
def places(request, simulators):
    made = []

    def make(name, url=None):
        made.append(Place(f"backup-{name}", simulators, url))
        return made[-1]

    yield make
    for place in made:
        place.close()


def shape(postgresql, database, compares_owners):
    """Rights, owners, policies, triggers and sequences, as text."""
    query = SHAPE.format(compares_owners="true" if compares_owners else "false")
    return set(postgresql.run(query, database=database).splitlines())


def live_a_little(place, world):
    """A booking that has its meeting: nothing is written from then on. Returns the session."""
    people = place.people
    wanted = world.booking(organization=people)
    session = people.counselor.book(wanted, key="before").raise_for_status().json()["sessionId"]
    wait_until(lambda: people.counselor.session(session)["status"] == "scheduled", within=30, what="the meeting")
    return session, wanted


def assert_lives_on(place, world, session, wanted):
    people = place.people
    assert people.counselor.session(session)["sessionId"] == session
    assert people.counselor.book(wanted, key="another").status_code == 409
    people.counselor.book(world.booking(organization=people)).raise_for_status()
    done = place.server.command("check", **place.environment)
    assert done.returncode == 0, done.stdout + done.stderr


def assert_private(file):
    status = file.lstat()
    assert stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o600, f"{file}: {oct(status.st_mode)}"


def test_the_lines_of_the_page_bring_back_a_private_database(places, world, tmp_path):
    first = places("private")
    first.server.start()
    session, wanted = live_a_little(first, world)
    before = PostgreSQL(first.server.data)
    rights, looks = grants.found(before), shape(before, None, compares_owners=True)

    done = first.run(BACKUP, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    for file in (tmp_path / "convene.dump", tmp_path / "keys/encryption.key", tmp_path / "keys/signing.key"):
        assert_private(file)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["convene.dump", "keys"]
    assert "2 organizations" in done.stdout and "1 sessions" in done.stdout and "encryption.key" in done.stdout
    assert first.server.stop() == 0

    second = places("private-restored")
    done = second.run(RESTORE, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "invariants hold" in done.stdout and "Before you start" not in done.stdout
    second.server.start()
    after = PostgreSQL(second.server.data)
    assert grants.found(after) == rights
    assert shape(after, None, compares_owners=True) == looks
    assert_lives_on(second, world, session, wanted)
    assert second.server.stop() == 0


def test_the_lines_of_the_page_bring_back_a_database_of_an_owner_who_is_no_superuser(
        places, world, own_databases, tmp_path):
    first = places("own", own_databases("convene_own"))
    first.server.start()
    session, wanted = live_a_little(first, world)
    looks = shape(world.postgresql, "convene_own", compares_owners=False)

    done = first.run(BACKUP, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert_private(tmp_path / "convene.dump")
    assert "2 organizations" in done.stdout and "1 sessions" in done.stdout
    assert first.server.stop() == 0

    second = places("own-restored", own_databases("convene_other"))
    done = second.run(RESTORE, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 sessions" in done.stdout and "invariants hold" in done.stdout
    assert shape(world.postgresql, "convene_other", compares_owners=False) == looks
    second.server.start()
    assert_lives_on(second, world, session, wanted)
    assert second.server.stop() == 0


@pytest.fixture(scope="module")
def dump(world, tmp_path_factory):
    file = tmp_path_factory.mktemp("backup") / "world.dump"
    done = world.server.command("backup", file)
    assert done.returncode == 0, done.stderr
    return file


def test_a_backup_replaces_nothing_unless_it_is_told_to(world, dump):
    before = dump.read_bytes()

    refused = world.server.command("backup", dump)

    assert refused.returncode == 1 and "--force" in refused.stderr
    assert dump.read_bytes() == before
    assert world.server.command("backup", "--force", dump).returncode == 0
    assert_private(dump)


@pytest.mark.parametrize("kind", ["link", "dangling link", "folder", "no folder"])
def test_a_backup_is_written_to_a_plain_file_in_a_folder_that_is_there(world, tmp_path, kind):
    victim, file = tmp_path / "victim", tmp_path / "convene.dump"
    if kind == "link":
        victim.write_text("mine")
    if "link" in kind:
        file.symlink_to(victim)
    elif kind == "folder":
        file.mkdir()
    else:
        file = tmp_path / "nowhere" / "convene.dump"

    done = world.server.command("backup", "--force", file)

    assert done.returncode == 1 and str(file) in done.stderr
    assert victim.read_text() == "mine" if kind == "link" else not victim.exists()
    assert len(list(tmp_path.iterdir())) == {"link": 2, "no folder": 0}.get(kind, 1)


@pytest.mark.parametrize(("command", "told"), [("backup", "needs the name of a file"), ("restore", "cannot be read")])
def test_a_file_needs_a_name(world, command, told):
    done = world.server.command(command, "")

    assert done.returncode == 1 and told in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_a_backup_that_fails_leaves_nothing(world, tmp_path):
    done = world.server.command("backup", tmp_path / "convene.dump", CONVENE_DATA_DIR=str(tmp_path / "none"),
                                DATABASE_URL="host=/nowhere user=nobody dbname=none")

    assert done.returncode == 1 and done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_restored_over_data_or_beside_a_server(world, own_databases, dump):
    beside = world.server.command("restore", dump)

    assert beside.returncode == 1 and "using the data folder" in beside.stderr

    url = own_databases("convene_full")
    world.postgresql.run("CREATE TABLE mine (id int)", database="convene_full")
    over = world.server.command("restore", dump, DATABASE_URL=url)

    assert over.returncode == 1 and "holds data already" in over.stderr
    assert world.postgresql.run("SELECT count(*) FROM mine", database="convene_full") == "0"


def test_what_is_wrong_in_a_backup_is_named_once_it_is_restored(world, own_databases, tmp_path):
    session = world.demo.counselor.book(world.booking()).json()["sessionId"]
    # Its meeting would not find the slots that are changed by hand.
    wait_until(lambda: world.demo.counselor.session(session)["status"] == "scheduled", within=60)
    changed = f"UPDATE calendar_slots SET status = '{{}}' WHERE session_id = '{session}'"
    world.postgresql.run(changed.format("cancelled"))
    try:
        assert world.server.command("backup", tmp_path / "wrong.dump").returncode == 0
    finally:
        world.postgresql.run(changed.format("booked"))

    done = world.server.command("restore", tmp_path / "wrong.dump", DATABASE_URL=own_databases("convene_wrong"))

    assert done.returncode == 1 and session in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("fault", ["half", "no dump", "missing", "a flipped bit", "no seal"])
def test_a_file_that_is_not_a_whole_backup_leaves_nothing(world, own_databases, dump, tmp_path, fault):
    file = tmp_path / "convene.dump"
    if fault == "half":
        whole = dump.read_bytes()
        file.write_bytes(whole[: len(whole) - 2000])
    elif fault == "no dump":
        file.write_text("hello")
    elif fault == "a flipped bit":
        whole = bytearray(dump.read_bytes())
        whole[len(whole) // 2] ^= 1
        file.write_bytes(whole)
    elif fault == "no seal":
        file.write_bytes(dump.read_bytes().rsplit(b"convene-backup", 1)[0])
    name = f"convene_{fault.replace(' ', '_')}"
    url = own_databases(name)

    done = world.server.command("restore", file, DATABASE_URL=url)

    assert done.returncode == 1 and done.stderr.startswith("Error: "), done.stdout + done.stderr
    tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    assert world.postgresql.run(tables, database=name) == "0"
    # And the right one can be restored there.
    assert world.server.command("restore", dump, DATABASE_URL=url).returncode == 0


def test_the_role_that_reads_everything_changes_nothing(world):
    may = """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND (NOT has_table_privilege('convene_backup', c.oid, 'SELECT')
                 OR has_table_privilege('convene_backup', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'))
    """
    assert world.postgresql.rows(may) == []
    (role,) = world.postgresql.rows("""
        SELECT rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS strong,
            (SELECT count(*) FROM pg_auth_members WHERE member = r.oid) AS memberships
        FROM pg_roles r WHERE rolname = 'convene_backup'""")
    assert role == {"strong": False, "memberships": 0}


def test_what_the_role_that_reads_everything_does_not_see_is_named_and_nothing_is_written(
        world, own_databases, tmp_path):
    url = own_databases("convene_hidden")
    assert world.server.command("migrate", "up", DATABASE_URL=url).returncode == 0
    world.postgresql.run(
        "ALTER POLICY backup ON users USING (email <> 'mentor@demo.example')", database="convene_hidden")

    done = world.server.command("backup", tmp_path / "convene.dump", DATABASE_URL=url)

    assert done.returncode == 1 and "may not read all of users" in done.stderr, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_a_backup_would_leave_out_is_found_by_the_check(world):
    world.postgresql.run("ALTER POLICY backup ON users USING (email <> 'mentor@demo.example')")
    try:
        done = world.server.command("check")
    finally:
        world.postgresql.run("ALTER POLICY backup ON users USING (true)")

    assert done.returncode == 1 and "I25" in done.stdout and "users" in done.stdout
