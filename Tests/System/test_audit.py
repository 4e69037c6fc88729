"""The audit log: who changed what, as admins read it, and as anybody can verify it."""

import hashlib
import json
import uuid

import pytest

from harness.client import Person
from harness.waiting import wait_until

FIRST = "00" * 32


@pytest.fixture(scope="module")
def root(world):
    return Person(world.server, "root@platform.example")


def chained(world):
    """Waits until all that was written has its number."""
    wait_until(
        lambda: world.postgresql.value("SELECT count(*) FROM audit_entries") == 0, within=10,
        what="all audit entries to be numbered")


def entries(world, person, **filters):
    chained(world)
    return person.get("/api/audit", params=filters).raise_for_status().json()["items"]


def export(world, person, **filters):
    chained(world)
    answer = person.get("/api/audit/export", params=filters).raise_for_status()
    return [json.loads(line) for line in answer.text.splitlines()]


def verify(lines):
    """Whether the export is one whole chain for each organization. This is all that it takes."""
    last = {}
    for line in lines:
        chain = line["organizationId"]
        number, previous = last.get(chain, (0, FIRST))
        digest = hashlib.sha256(bytes.fromhex(line["previousHash"]) + line["entry"].encode()).hexdigest()
        if (line["number"], line["previousHash"], line["hash"]) != (number + 1, previous, digest):
            return False
        last[chain] = (line["number"], line["hash"])
    return True


def test_a_booking_shows_who_made_it_and_from_where_and_its_end_what_was_before(world):
    session = world.demo.counselor.book(world.booking()).json()["sessionId"]
    wait_until(
        lambda: world.demo.counselor.session(session)["status"] == "scheduled", within=30,
        what="the session to be scheduled")
    world.demo.counselor.cancel(session)

    created, scheduled, cancelled = reversed(entries(world, world.demo.admin, subject=session)[-3:])
    assert created["action"] == "session.created"
    assert created["actor"] == {
        "userId": world.demo.counselor.id, "name": "Clara Weiss", "email": "counselor@demo.example"}
    assert (created["role"], created["address"]) == ("counselor", "127.0.0.1")
    assert created["organizationId"] == world.demo.id
    assert "before" not in created and created["after"]["status"] == "pending_meeting"
    assert created["after"]["student_user_id"] == world.demo.student.id
    assert scheduled["role"] == "worker" and "actor" not in scheduled
    assert scheduled["before"] == {"status": "pending_meeting", "meeting_id": None}
    assert cancelled["actor"]["userId"] == world.demo.counselor.id
    assert cancelled["before"]["status"] == "scheduled" and cancelled["after"]["status"] == "cancelled"


def test_an_admin_reads_their_organizations_log_and_a_super_admin_all(world, root):
    for organization in (world.demo, world.rival):
        assert organization.counselor.book(world.booking(organization=organization)).status_code == 201

    assert {entry.get("organizationId") for entry in entries(world, world.demo.admin, limit=200)} == {world.demo.id}
    named = root.get("/api/audit", headers={"X-Organization-Id": world.rival.id}).json()["items"]
    assert {entry["organizationId"] for entry in named} == {world.rival.id}
    everywhere = {line["organizationId"] for line in export(world, root)}
    assert everywhere == {None, world.demo.id, world.rival.id}


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/export"])
def test_nobody_else_reads_it(world, path):
    for role in ("counselor", "mentor", "student"):
        assert getattr(world.demo, role).get(path).status_code == 403
    other = world.demo.admin.get(path, headers={"X-Organization-Id": world.rival.id})
    assert other.status_code in (403, 404)
    assert world.demo.admin.http.get(path).status_code == 401


def test_filters_and_the_cursor_give_every_entry_once(world, root):
    for _ in range(3):
        assert world.demo.counselor.book(world.booking()).status_code == 201
    chained(world)

    numbers = [entry["number"] for entry in world.demo.admin.items("/api/audit", limit=7)]
    assert numbers == list(range(len(numbers), 0, -1))
    by_counselor = world.demo.admin.items("/api/audit", actor=world.demo.counselor.id)
    assert by_counselor and {entry["actor"]["userId"] for entry in by_counselor} == {world.demo.counselor.id}
    created = world.demo.admin.items("/api/audit", action="session.created", subjectType="session")
    assert len(created) >= 3 and {entry["action"] for entry in created} == {"session.created"}
    newest = created[0]["at"]
    assert entries(world, world.demo.admin, action="session.created", to=newest)[0]["at"] < newest
    # The time that is shown is not finer than a millisecond, and so may be a little early.
    assert entries(world, world.demo.admin, action="session.created", **{"from": newest})[0]["at"] == newest
    seeded = root.items("/api/audit", subject=world.demo.mentor.id, action="user.created")
    assert [entry["role"] for entry in seeded] == ["owner"]


@pytest.mark.parametrize(("name", "value"), [
    ("actor", "nobody"), ("action", "session.eaten"), ("subjectType", "weather"), ("from", "yesterday"),
    ("limit", "0"), ("cursor", "!"),
])
def test_a_filter_that_is_none_is_named(world, name, value):
    answer = world.demo.admin.get("/api/audit", params={name: value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == name


def test_an_export_verifies_with_sha256_alone_and_any_change_is_seen(world, root):
    for _ in range(3):
        assert world.demo.counselor.book(world.booking()).status_code == 201
    answer = root.get("/api/audit/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
    whole = export(world, root)
    assert len(whole) > 60 and verify(whole)
    assert verify(export(world, world.demo.admin))

    middle = next(i for i, line in enumerate(whole) if line["number"] == 2)
    edited = [dict(line) for line in whole]
    edited[middle]["entry"] = edited[middle]["entry"].replace("created", "changed")
    assert not verify(edited)
    assert not verify(whole[:middle] + whole[middle + 1:])


def test_an_export_of_more_than_one_portion_is_whole(world, root):
    world.postgresql.add_people(world.demo.id, "student", 600)
    lines = export(world, world.demo.admin)

    assert len(lines) > 600 and verify(lines)


def test_no_secret_is_in_it(world, root):
    canary = f"canary-{uuid.uuid4().hex}"
    (somebody,) = world.postgresql.add_people(world.demo.id, "student", 1)
    world.postgresql.run(f"""
        INSERT INTO user_passwords (user_id, hash) VALUES ('{somebody}', '$argon2id$' || 'first{canary}');
        UPDATE user_passwords SET hash = '$argon2id$' || '{canary}' WHERE user_id = '{somebody}';
        UPDATE sign_ins SET refresh_hash = '{canary}'
            WHERE id = (SELECT id FROM sign_ins WHERE medium = 'program' LIMIT 1)""")

    chained(world)
    log = root.get("/api/audit/export").text
    assert canary not in log and canary.encode().hex() not in log and "argon2id" not in log
    changed = entries(world, root, action="password.updated")[0]
    assert changed["before"] == changed["after"] == {"hash": "•••"}


def test_signing_in_and_out_leaves_its_trace(world, root):
    person = Person(world.server, "mentor2@rival.example")
    person.post("/api/auth/sign-out").raise_for_status()

    ended, begun = entries(world, root, subjectType="sign_in", actor=person_id(world, person), limit=2)
    assert begun["action"] == "sign_in.created" and begun["after"]["medium"] == "program"
    assert ended["action"] == "sign_in.updated"
    assert ended["before"] == {"ended_at": None} and ended["after"]["ended_at"]


def person_id(world, person):
    return world.postgresql.value(f"SELECT id FROM users WHERE email = '{person.email}'")


@pytest.mark.parametrize("tampering", [
    "UPDATE audit_logs SET entry = replace(entry, 'Northlight', 'Nightfall') WHERE action = 'organization.created'",
    "DELETE FROM audit_logs WHERE position = 7",
    "DELETE FROM audit_logs WHERE position > (SELECT max(position) - 3 FROM audit_logs)",
])
def test_tampering_is_found_by_the_check(new_world, tampering):
    world = new_world()
    chained(world)
    world.invariants()

    world.postgresql.run(tampering)

    done = world.server.command("check")
    assert done.returncode == 1
    assert "I23 is broken" in done.stdout and "I24" not in done.stdout


def test_a_server_that_was_killed_goes_on_with_the_chain(new_world):
    world = new_world()
    for _ in range(5):
        assert world.demo.counselor.book(world.booking()).status_code == 201
    world.server.kill9()
    world.server.start()
    assert world.demo.counselor.book(world.booking()).status_code == 201

    assert verify(export(world, world.demo.admin))
    assert len(entries(world, world.demo.admin, action="session.created")) == 6
