"""One organisation sees nothing of another: asked of the database for every table, and of every GET over HTTP."""

import json
import re

import pytest

from harness.bookings import KINDS
from harness.waiting import wait_until

# Tries, as convene_app having entered :entered, everything that could touch a row of another organisation.
# Each try is undone; what could be seen or done is left in `foreign_effects`.
TRIES = """
BEGIN;
CREATE TEMP TABLE foreign_effects (tenant_table text, attempt text, outcome text) ON COMMIT DROP;
GRANT ALL ON foreign_effects TO convene_app;
DO $tries$
DECLARE
    t record; victim jsonb; own uuid := {own}; n bigint; state text; attempt text; command text;
BEGIN
    FOR t IN
        SELECT c.oid::regclass AS name, CASE c.relname WHEN 'organizations' THEN 'id' ELSE 'organization_id' END AS col
        FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND (c.relname = 'organizations' OR EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped))
    LOOP
        EXECUTE format('SELECT to_jsonb(x) FROM %s x WHERE %I IS DISTINCT FROM $1 LIMIT 1', t.name, t.col)
            INTO victim USING own;
        PERFORM set_config('app.org_ids', setting, true) FROM (SELECT {setting} AS setting) s WHERE setting IS NOT NULL;
        SET LOCAL ROLE convene_app;
        FOREACH attempt IN ARRAY ARRAY['select', 'update', 'delete', 'insert', 'give away'] LOOP
            command := CASE attempt
                WHEN 'select' THEN format('SELECT count(*) FROM %s WHERE %I IS DISTINCT FROM $1', t.name, t.col)
                WHEN 'update' THEN format(
                    'WITH x AS (UPDATE %1$s SET %2$I = %2$I WHERE %2$I IS DISTINCT FROM $1 RETURNING 1) '
                    'SELECT count(*) FROM x', t.name, t.col)
                WHEN 'delete' THEN format(
                    'WITH x AS (DELETE FROM %1$s WHERE %2$I IS DISTINCT FROM $1 RETURNING 1) SELECT count(*) FROM x',
                    t.name, t.col)
                WHEN 'insert' THEN format(
                    'WITH x AS (INSERT INTO %1$s SELECT * FROM jsonb_populate_record(NULL::%1$s, $2) RETURNING 1) '
                    'SELECT count(*) FROM x', t.name)
                ELSE format(
                    'WITH x AS (UPDATE %1$s SET %2$I = ($2 ->> %2$L)::uuid WHERE %2$I = $1 RETURNING 1) '
                    'SELECT count(*) FROM x', t.name, t.col) END;
            CONTINUE WHEN attempt IN ('insert', 'give away') AND victim IS NULL;
            BEGIN
                EXECUTE command INTO n USING own, victim;
                state := n::text;
                RAISE EXCEPTION USING ERRCODE = 'TESTS';  -- undone, whatever it did
            EXCEPTION
                WHEN SQLSTATE 'TESTS' THEN NULL;
                WHEN OTHERS THEN state := SQLSTATE;
            END;
            INSERT INTO foreign_effects VALUES (t.name::text, attempt, state);
        END LOOP;
        RESET ROLE;
    END LOOP;
END $tries$;
SELECT json_agg(f) FROM foreign_effects f;
ROLLBACK;
"""
DENIED = "42501"  # insufficient privilege, and a row that row-level security does not let in


@pytest.fixture(scope="module")
def filled(world):
    """Both organisations with sessions of every kind; returns the rival's."""
    sessions = {}
    for organisation in (world.demo, world.rival):
        booked = [organisation.counselor.book(world.booking(kind, organisation=organisation)) for kind in KINDS]
        assert [answer.status_code for answer in booked] == [201] * len(KINDS)
        sessions[organisation.domain] = [answer.json()["sessionId"] for answer in booked]
        for session in sessions[organisation.domain]:
            wait_until(
                lambda: organisation.counselor.session(session)["status"] == "scheduled", within=60,  # noqa: B023
                what="a session to be scheduled")
    return sessions["rival"]


@pytest.mark.parametrize("entered", ["own", "other", "unset", "empty"])
def test_no_table_shows_or_takes_a_row_of_another_organisation(world, filled, entered):
    organization = {"own": world.demo.id, "other": world.rival.id}.get(entered)
    own = f"'{organization}'" if organization else "NULL"
    setting = {"unset": "NULL::text", "empty": "''::text"}.get(entered, f"'{{{organization}}}'::text")

    effects = json.loads(world.postgresql.run(TRIES.replace("{own}", own).replace("{setting}", setting)))

    tables = {effect["tenant_table"] for effect in effects}
    assert {"calendar_slots", "meetings", "regular_mentoring_sessions", "outbox_events", "sagas"} <= tables
    assert {e["tenant_table"] for e in effects if e["attempt"] == "insert"} >= {"calendar_slots", "meetings", "sagas"}
    wrong = [
        effect for effect in effects
        if effect["outcome"] not in ({DENIED} if effect["attempt"] == "insert" else {DENIED, "0"})]
    assert wrong == []


def test_every_organisations_table_is_under_row_level_security(world):
    open_tables = world.postgresql.rows("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""")

    assert open_tables == []


def rivals_ids(world, path, sessions):
    """Ids of the rival's things that could stand for the parameters of `path`; found through its own list."""
    if "/sessions/" in path:
        return sessions
    if path.startswith("/api/organizations/"):
        return [world.rival.id]
    if "{userId}" in path:
        return [world.rival.mentor.id, world.rival.student.id]
    listed = world.rival.admin.get(path[:path.index("/{")])
    items = listed.json().get("items", []) if listed.status_code == 200 else []
    return [item[name] for item in items for name in ("id", "jobId", "eventId") if name in item]


def test_no_get_shows_what_is_the_rivals(world, filled):
    document = world.demo.admin.get("/openapi.json").json()
    asked, wrong = 0, []
    for path, operations in document["paths"].items():
        if "get" not in operations or path == "/api/events/stream" or not path.startswith("/api/"):
            continue
        for id_ in rivals_ids(world, path, filled) if "{" in path else [None]:
            url = re.sub(r"\{[^}]+\}", str(id_), path)
            for person in (world.demo.admin, world.demo.counselor, world.demo.mentor, world.demo.student):
                answer = person.get(url)
                asked += 1
                leaked = [secret for secret in (world.rival.id, *filled) if secret in answer.text and secret not in url]
                if leaked or answer.status_code >= 500 or (id_ and answer.status_code not in (403, 404)):
                    wrong.append(f"{person.email} GET {url}: {answer.status_code} {leaked}")
    assert asked > 0 and wrong == []


def test_the_rivals_session_is_not_found_rather_than_forbidden(world, filled):
    for session in filled:
        assert world.demo.counselor.get(f"/api/counselor/sessions/{session}").status_code == 404
        assert world.demo.counselor.cancel(session).status_code == 404


def test_the_rivals_organisation_cannot_be_entered(world):
    answer = world.demo.admin.get("/api/counselor/sessions", headers={"X-Organization-Id": world.rival.id})

    assert answer.status_code in (403, 404)
