"""One organization sees nothing of another: asked of the database for every table, and of every GET over HTTP."""

import json
import re
from urllib.parse import quote

import pytest

from harness import grants
from harness.bookings import KINDS
from harness.factory import Factory
from harness.waiting import wait_until
from harness.raw_http import unchecked

# Tries, as convene_app, everything that could touch a row that is neither of the organization entered nor of the person
# who has entered it. Each try is undone; what could be seen or done is left in `foreign_effects`.
#
# Which columns may be written is looked up first: an UPDATE that names another one is refused whatever its rows are,
# and would prove nothing.
TRIES = """
BEGIN;
CREATE TEMP TABLE foreign_effects (name text, attempt text, outcome text) ON COMMIT DROP;
GRANT ALL ON foreign_effects TO convene_app;
DO $tries$
DECLARE
    t record; victim jsonb; own uuid := {own}; person uuid := {person}; n bigint; state text; attempt text; command text;
BEGIN
    FOR t IN
        SELECT c.oid::regclass AS name, ours.condition, ours.owner,
               (SELECT a.attname FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
                  AND has_column_privilege('convene_app', c.oid, a.attnum, 'UPDATE')
                ORDER BY a.attname = ours.owner DESC, a.attnum LIMIT 1) AS written,
               columns.has[1] AS first,
               (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
                  AND has_column_privilege('convene_app', c.oid, a.attnum, 'INSERT')) AS inserted
        FROM pg_class c,
        LATERAL (SELECT array_agg(a.attname::text ORDER BY a.attnum) AS has FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) columns,
        LATERAL (
            SELECT CASE
                WHEN c.relname = 'organizations' THEN
                    'x.id = $1 OR EXISTS (SELECT FROM memberships m WHERE m.organization_id = x.id AND m.user_id = $2)'
                WHEN c.relname = 'memberships' THEN 'x.organization_id = $1 OR x.user_id = $2'
                WHEN c.relname = 'users' THEN
                    'x.id = $2 OR EXISTS (SELECT FROM memberships m WHERE m.user_id = x.id AND m.organization_id = $1)'
                WHEN c.relname = 'sign_ins' THEN 'x.user_id = $2'
                WHEN 'organization_id' = ANY (has) THEN 'x.organization_id = $1'
                WHEN 'user_id' = ANY (has) THEN 'x.user_id = $2'
                ELSE 'false' END AS condition,
            CASE
                WHEN c.relname IN ('organizations', 'users') THEN 'id'
                WHEN c.relname = 'sign_ins' THEN 'user_id'
                WHEN 'organization_id' = ANY (has) THEN 'organization_id'
                WHEN 'user_id' = ANY (has) THEN 'user_id' END AS owner) ours
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format(
            'SELECT to_jsonb(x) FROM %s x WHERE (%s) IS NOT TRUE ORDER BY to_jsonb(x) ->> %L IS NULL LIMIT 1',
            t.name, t.condition, t.owner)
            INTO victim USING own, person;
        IF victim IS NULL THEN
            INSERT INTO foreign_effects VALUES (t.name::text, 'look', 'nothing there');
        END IF;
        PERFORM set_config('app.org_ids', setting, true) FROM (SELECT {setting} AS setting) s WHERE setting IS NOT NULL;
        PERFORM set_config('app.user_id', person::text, true) WHERE person IS NOT NULL;
        SET LOCAL ROLE convene_app;
        FOREACH attempt IN ARRAY ARRAY['select', 'update', 'delete', 'insert', 'give away'] LOOP
            CONTINUE WHEN attempt IN ('insert', 'give away') AND victim IS NULL;
            CONTINUE WHEN attempt = 'give away' AND (t.owner IS NULL OR t.condition = 'false');
            command := CASE attempt
                WHEN 'select' THEN format('SELECT count(*) FROM %s x WHERE (%s) IS NOT TRUE', t.name, t.condition)
                WHEN 'update' THEN format(
                    'WITH w AS (UPDATE %1$s x SET %2$I = %2$I WHERE (%3$s) IS NOT TRUE RETURNING 1) '
                    'SELECT count(*) FROM w', t.name, coalesce(t.written, t.first), t.condition)
                WHEN 'delete' THEN format(
                    'WITH w AS (DELETE FROM %s x WHERE (%s) IS NOT TRUE RETURNING 1) SELECT count(*) FROM w',
                    t.name, t.condition)
                WHEN 'insert' THEN format(
                    'WITH w AS (INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $3) '
                    'RETURNING 1) SELECT count(*) FROM w',
                    t.name,
                    coalesce(t.inserted, (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys(victim) k)))
                ELSE format(
                    'WITH w AS (UPDATE %1$s x SET %2$I = ($3 ->> %2$L)::uuid WHERE %3$s RETURNING 1) '
                    'SELECT count(*) FROM w', t.name, t.owner, t.condition) END;
            BEGIN
                EXECUTE command INTO n USING own, person, victim;
                state := n::text;
                RAISE EXCEPTION USING ERRCODE = 'TESTS';  -- undone, whatever it did
            EXCEPTION
                WHEN SQLSTATE 'TESTS' THEN NULL;
                WHEN OTHERS THEN state := SQLSTATE;
            END;
            INSERT INTO foreign_effects VALUES (t.name::text, attempt, state);
        END LOOP;
        RESET ROLE;
        PERFORM set_config('app.user_id', '', true);
    END LOOP;
END $tries$;
SELECT json_agg(f) FROM foreign_effects f;
ROLLBACK;
"""
DENIED = "42501"  # insufficient privilege, and a row that row-level security does not let in

# Background work empties these as soon as it can.
MAY_BE_EMPTY = {"audit_entries", "outbox_events", "queue_jobs"}


@pytest.fixture(scope="module")
def filled(world):
    """Both organizations with sessions of every kind; returns the rival's."""
    sessions = {}
    for organization in (world.demo, world.rival):
        booked = [organization.counselor.book(world.booking(kind, organization=organization)) for kind in KINDS]
        assert [answer.status_code for answer in booked] == [201] * len(KINDS)
        sessions[organization.domain] = [answer.json()["sessionId"] for answer in booked]
        for session in sessions[organization.domain]:
            wait_until(
                lambda: organization.counselor.session(session)["status"] == "scheduled", within=60,  # noqa: B023
                what="a session to be scheduled")
    return sessions["rival"]


@pytest.fixture(scope="module")
def full(world, filled):
    """A row in every table that a request could want to see: of people, of sign-ins, of what is asked once."""
    world.postgresql.run("INSERT INTO feed_cursors (name, position) VALUES ('tests', 0) ON CONFLICT DO NOTHING")
    for organization in (world.demo, world.rival):
        factory = Factory(world)
        person = factory.somebody("counselor", organization.id)
        factory.key(person)
        group = factory.group(organization.id)
        factory.invitation(organization.id, by=person)
        factory.intervention(organization.id)
        factory.provider_account(organization.id, "zoom")
        factory.identity(person)
        world.postgresql.run(f"""
            INSERT INTO group_members (organization_id, group_id, user_id)
            VALUES ('{organization.id}', '{group}', '{person.id}');
            INSERT INTO user_passwords (user_id, hash) VALUES ('{person.id}', '$argon2id$none');
            INSERT INTO user_totp (user_id, secret) VALUES ('{person.id}', '\\x01' || repeat('0', 40)::bytea);
            INSERT INTO recovery_codes (user_id, code_hash) VALUES ('{person.id}', sha256('{person.id}'));
            INSERT INTO sign_in_links (token_hash, user_id, expires_at)
            VALUES (sha256('{person.id}'), '{person.id}', now() + interval '1 hour');
            INSERT INTO spent_refresh_tokens (hash, sign_in_id) VALUES (sha256('{person.id}'), '{person.sign_in}');
            INSERT INTO rate_limits (bucket, level, filled_at) VALUES ('test/{person.id}', 1, now());
            INSERT INTO branding (organization_id, version) VALUES ('{organization.id}', 1) ON CONFLICT DO NOTHING;
            INSERT INTO user_preferences
                (user_id, reminder_offsets, notification_channels, custom_settings, google_settings)
            VALUES ('{person.id}', '{{60}}', '{{email}}', '{{}}', '{{}}');
            INSERT INTO openid_flows (state_hash, issuer, browser_hash, next, link_user)
            VALUES (sha256('{person.id}'), 'work', sha256('browser'), '/week', '{person.id}');
            """)
    world.postgresql.run("""
        INSERT INTO retired_keys (id) VALUES ('\\x00000000') ON CONFLICT DO NOTHING;
        INSERT INTO invitations (id, email, role, founds, token_hash, expires_at)
        VALUES (gen_random_uuid(), 'founder@rival.example', 'admin', 'New',
                sha256(gen_random_uuid()::text::bytea), now());
        """)
    yield
    # With an account that nobody knows at Zoom, no session of other tests would get its meeting.
    for organization in (world.demo, world.rival):
        path = f"/api/organizations/{organization.id}/providers/zoom"
        organization.admin.request("DELETE", path).raise_for_status()


@pytest.mark.parametrize("person", ["somebody", "nobody"])
@pytest.mark.parametrize("entered", ["own", "other", "unset", "empty"])
def test_no_table_shows_or_takes_a_row_of_anybody_else(world, full, entered, person):
    organization = {"own": world.demo, "other": world.rival}.get(entered)
    own = f"'{organization.id}'" if organization else "NULL"
    who = (organization or world.demo).student.id
    setting = {"unset": "NULL::text", "empty": "''::text"}.get(
        entered, f"'{{{organization and organization.id}}}'::text")
    tries = TRIES.replace("{own}", own).replace("{setting}", setting) \
        .replace("{person}", f"'{who}'" if person == "somebody" else "NULL")

    effects = json.loads(world.postgresql.run(tries))

    assert {effect["name"] for effect in effects} == {row["name"] for row in world.postgresql.rows(
        "SELECT oid::regclass::text AS name FROM pg_class "
        "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")}
    empty = {effect["name"] for effect in effects if effect["attempt"] == "look"}
    assert empty <= MAY_BE_EMPTY, "a table that is empty proves nothing: fill it in `full`"
    wrong = [
        effect for effect in effects if effect["attempt"] != "look"
        and effect["outcome"] not in ({DENIED} if effect["attempt"] == "insert" else {DENIED, "0"})]
    assert wrong == []


def test_each_role_may_do_what_is_written_down_and_nothing_else(world):
    found, written = grants.found(world.postgresql), grants.written()

    assert found - written == set(), f"not in {grants.FILE.name}"
    assert written - found == set(), f"only in {grants.FILE.name}"


def test_no_role_is_above_row_level_security_or_can_become_another(world):
    roles = world.postgresql.rows(f"""
        SELECT rolname FROM pg_roles WHERE rolname = ANY ('{{{",".join(grants.ROLES)}}}')
          AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""")
    assert {role["rolname"] for role in roles} == set(grants.ROLES)

    members = world.postgresql.rows(f"""
        SELECT m.member::regrole::text AS member FROM pg_auth_members m
        WHERE m.member::regrole::text = ANY ('{{{",".join(grants.ROLES)}}}')""")
    assert members == []


def test_whatever_runs_with_anothers_rights_looks_names_up_in_known_schemas(world):
    loose = world.postgresql.rows("""
        SELECT oid::regprocedure::text AS name FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace
          AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, public, pg_temp']""")

    assert loose == []


def test_every_organizations_table_is_under_row_level_security(world):
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


def test_the_rivals_organization_cannot_be_entered(world):
    answer = world.demo.admin.get("/api/counselor/sessions", headers={"X-Organization-Id": world.rival.id})

    assert answer.status_code in (403, 404)


def malformed(world):
    """Names of organizations that say nothing, or what is not true."""
    own, rival = world.demo.id, world.rival.id
    return {
        "no id": [b"demo"], "empty": [b""], "null": [b"null"], "zeros": [b"00000000-0000-0000-0000-000000000000"],
        "the rival's": [rival.encode()], "the rival's in capitals": [rival.upper().encode()],
        "both": [f"{own},{rival}".encode()], "both in two headers": [own.encode(), rival.encode()],
        "the rival's first": [rival.encode(), own.encode()], "an array": [f"{{{own},{rival}}}".encode()],
        "braces": [f"{{{rival}}}".encode()], "an injection": [f"{own}' OR '1'='1".encode()],
        "a wildcard": [b"*"], "long": [b"a" * 10_000], "unicode": "об\u0440".encode(), "not utf-8": [b"\xff\xfe"],
        "cut off": [rival[:-1].encode()], "negative": [b"-1"], "a path": [f"../{rival}".encode()],
    }


MALFORMED = [
    "no id", "empty", "null", "zeros", "the rival's", "the rival's in capitals", "both", "both in two headers",
    "the rival's first", "an array", "braces", "an injection", "a wildcard", "long", "unicode", "not utf-8", "cut off",
    "negative", "a path",
]


@pytest.mark.parametrize("name", MALFORMED)
def test_an_organization_that_makes_no_sense_is_refused(world, filled, name):
    values = malformed(world)[name]
    values = [values] if isinstance(values, bytes) else values
    document = world.demo.admin.get("/openapi.json").json()
    asked, wrong = 0, []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not any(parameter["name"] == "X-Organization-Id" for parameter in operation.get("parameters", [])):
                continue
            url = re.sub(r"\{[^}]+\}", filled[0], path)
            headers = [("Authorization", f"Bearer {world.demo.admin.token}")]
            headers += [("X-Organization-Id", value) for value in values]
            answer = unchecked(world.server.port, method.upper(), url, headers, {} if method == "post" else None)
            asked += 1
            if not 400 <= answer.status_code < 500 or any(session in answer.text for session in filled):
                wrong.append(f"{method} {url}: {answer.status_code} {answer.text[:200]}")
    assert asked > 10 and wrong == []


@pytest.mark.parametrize(
    "name", ["no id", "zeros", "the rival's", "an injection", "long", "a wildcard", "cut off", "braces"])
def test_an_address_with_an_organization_that_makes_no_sense_has_nothing(world, name):
    value = malformed(world)[name][0].decode()
    document = world.demo.admin.get("/openapi.json").json()
    wrong = []
    for path, operations in document["paths"].items():
        if "{organizationId}" not in path:
            continue
        url = re.sub(r"\{[^}]+\}", world.demo.student.id, path.replace("{organizationId}", quote(value, safe="")))
        for method in operations:
            body = {} if method in ("post", "put", "patch") else None
            answer = world.demo.admin.request(method.upper(), url, json=body)
            # What is sent is looked at before the organization is: 422 tells of that alone.
            if answer.status_code not in (404, 422) or world.rival.id in answer.text.replace(value, ""):
                wrong.append(f"{method} {url}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []
