import Postgres
import Schema
import TestSupport
import Testing

@Suite struct InvariantsTests {
    @Test func `healthy data violates nothing`() async throws {
        try await withDatabase { database in
            try await database.owner.script(HealthyData.script)
            #expect(try await Invariants.bundled().violations(in: database.owner) == [])
            #expect(try await Invariants.bundled().violations(in: database.worker) == [])
        }
    }

    @Test(arguments: Corruption.all) func `a corruption is seen by its invariant alone`(_ corruption: Corruption)
        async throws
    {
        try await withDatabase { database in
            // Without foreign keys, as after a restore from half of a backup.
            try await database.owner.script(
                HealthyData.script + "SET session_replication_role = replica;" + corruption.script
                    + ";SET session_replication_role = origin")
            let violations = try await Invariants.bundled().violations(in: database.owner)
            #expect(violations.map(\.name) == [corruption.invariant], "\(corruption): \(violations)")
        }
    }

    private struct Undone: Error {}

    /// Roles belong to the cluster, which others use too: what is done to them is seen in one transaction, and undone.
    @Test(arguments: [
        "GRANT convene_gate TO convene_app", "GRANT convene_app TO convene_worker", "ALTER ROLE convene_app BYPASSRLS",
        "ALTER ROLE convene_worker SUPERUSER", "ALTER ROLE convene_app CREATEROLE", "ALTER ROLE convene_auditor LOGIN",
        "CREATE ROLE boss; GRANT boss TO convene_worker",
    ]) func `a role that leads elsewhere is seen`(_ corruption: String) async throws {
        try await withDatabase { database in
            let invariant = try #require(try Invariants.bundled().all.first { $0.name == "I21" })
            let query = SQL(stringLiteral: "SELECT to_jsonb(found)::text FROM (\(invariant.query)) AS found")
            #expect(try await database.owner.rows(query, as: String.self) == [])
            await #expect(throws: Undone.self) {
                try await database.owner.transaction { tx in
                    try await tx.script(corruption)
                    #expect(try await tx.rows(query, as: String.self).count == 1)
                    throw Undone()
                }
            }
        }
    }

    @Test func `no invariant is without a corruption that it sees`() throws {
        let invariants = try Invariants.bundled().all.map(\.name)
        #expect(invariants.count == 26)
        #expect(Set(Corruption.all.map(\.invariant)) == Set(invariants))
    }
}

struct Corruption: Sendable, CustomTestStringConvertible {
    let invariant: String
    let what: String
    let script: String

    var testDescription: String { "\(invariant) \(what)" }

    init(_ invariant: String, _ what: String, _ script: String) {
        self.invariant = invariant
        self.what = what
        self.script = script
    }

    static let all = [
        Corruption(
            "I01", "two sessions at one time",
            """
            ALTER TABLE calendar_slots DROP CONSTRAINT calendar_no_overlap;
            UPDATE gap_analysis_sessions SET scheduled_at = pg_temp.at(6) WHERE id = pg_temp.id('pending');
            UPDATE calendar_slots SET scheduled_start_time = pg_temp.at(6),
                time_range = tstzrange(pg_temp.at(6), pg_temp.at(6) + interval '90 minutes')
                WHERE session_id = pg_temp.id('pending');
            ALTER TABLE calendar_slots ADD CONSTRAINT calendar_no_overlap CHECK (duration_minutes > 0)
            """),
        Corruption(
            "I02", "a range longer than the session",
            """
            ALTER TABLE calendar_slots DROP CONSTRAINT calendar_range_sane;
            UPDATE calendar_slots SET time_range = tstzrange(pg_temp.at(3), pg_temp.at(3) + interval '91 minutes')
                WHERE session_id = pg_temp.id('pending');
            ALTER TABLE calendar_slots ADD CONSTRAINT calendar_range_sane CHECK (duration_minutes > 0)
            """),
        Corruption(
            "I03", "time booked for a session that failed",
            "UPDATE calendar_slots SET status = 'booked' WHERE session_id = pg_temp.id('failed')"),
        Corruption(
            "I03", "time booked for nothing",
            """
            UPDATE calendar_slots SET session_id = gen_random_uuid(), status = 'booked'
                WHERE session_id = pg_temp.id('cancelled')
            """),
        Corruption(
            "I04", "a student of a class without their slot",
            """
            UPDATE calendar_slots SET status = 'cancelled'
                WHERE session_id = pg_temp.id('class') AND user_id = pg_temp.id('ben')
            """),
        Corruption(
            "I05", "a meeting at another time than its session",
            "UPDATE meetings SET schedule_start_time = pg_temp.at(9) WHERE meeting_no = 'scheduled'"),
        Corruption(
            "I06", "a meeting of no session",
            """
            INSERT INTO meetings (id, organization_id, meeting_no, meeting_provider, meeting_id, meeting_url, owner_id,
                schedule_start_time, schedule_duration)
            VALUES (gen_random_uuid(), pg_temp.id('org'), '9', 'zoom', '9', 'https://zoom.example/9',
                pg_temp.id('mentor'), pg_temp.at(9), 60)
            """),
        Corruption(
            "I07", "a session that waits too long",
            "UPDATE gap_analysis_sessions SET updated_at = now() - interval '17 minutes'"),
        Corruption(
            "I08", "a failed saga of a scheduled session",
            "UPDATE sagas SET state = 'failed' WHERE id = pg_temp.id('scheduled')"),
        Corruption(
            "I08", "a saga cleaning up behind a scheduled session",
            """
            UPDATE sagas SET state = 'cleanup', document = '{"generation": 1, "ending": "failed"}', run_at = now()
                WHERE id = pg_temp.id('scheduled')
            """),
        Corruption("I08", "a session without a saga", "DELETE FROM sagas WHERE id = pg_temp.id('failed')"),
        Corruption(
            "I09", "units held by a session that failed",
            """
            UPDATE service_holds SET status = 'held', released_reason = NULL WHERE session_id = pg_temp.id('failed');
            UPDATE contract_entitlements SET held = 1.5 WHERE service_type = 'ai_career'
            """),
        Corruption(
            "I09", "a session to be held that holds nothing",
            """
            UPDATE service_holds SET status = 'released', released_reason = 'nobody knows'
                WHERE session_id = pg_temp.id('pending');
            UPDATE contract_entitlements SET held = 0 WHERE service_type = 'gap_analysis'
            """),
        Corruption(
            "I10", "a balance that was written over",
            "UPDATE contract_entitlements SET held = 4 WHERE id = pg_temp.id('ada gap_analysis')"),
        Corruption(
            "I11", "one id in two tables",
            """
            INSERT INTO comm_sessions (id, organization_id, meeting_provider, title, status, scheduled_at, duration,
                counselor_user_id, student_user_id, created_by_counselor_id, failure)
            VALUES (pg_temp.id('failed'), pg_temp.id('org'), 'zoom', 'Again', 'meeting_failed', pg_temp.at(4), 90,
                pg_temp.id('counselor'), pg_temp.id('ada'), pg_temp.id('counselor'), pg_temp.failure())
            """),
        Corruption(
            "I12", "a result told twice",
            """
            INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload)
                SELECT gen_random_uuid(), organization_id, aggregate_id, type, payload FROM outbox_events LIMIT 1
            """),
        Corruption(
            "I12", "a result told to nobody",
            "DELETE FROM outbox_events WHERE aggregate_id = pg_temp.id('failed')"),
        Corruption(
            "I12", "a booking told to nobody",
            "UPDATE event_feed SET type = 'weather.changed' WHERE aggregate_id = pg_temp.id('pending')"),
        Corruption("I13", "a number given to nothing", "UPDATE feed_heads SET last_number = last_number + 1"),
        Corruption(
            "I13", "a hole in the positions",
            "UPDATE event_feed SET position = position + 1 WHERE position = (SELECT max(position) FROM event_feed)"),
        Corruption(
            "I14", "a create that nobody knows the end of",
            """
            UPDATE provider_calls SET status = 'unknown', external_id = NULL, intended_at = now() - interval '26 hours'
            """),
        Corruption(
            "I14", "two meetings for one session",
            """
            INSERT INTO provider_calls (id, organization_id, saga_id, generation, operation, provider, tag, status,
                external_id)
            VALUES (gen_random_uuid(), pg_temp.id('org'), pg_temp.id('scheduled'), 1, 'find', 'zoom', 'cv:t:s:1',
                'succeeded', 'another')
            """),
        Corruption(
            "I15", "a hold of another organization",
            """
            UPDATE service_holds SET organization_id = pg_temp.id('other org') WHERE session_id = pg_temp.id('failed')
            """),
        Corruption(
            "I15", "a student who is no member",
            """
            DELETE FROM memberships WHERE user_id = pg_temp.id('ben')
            """),
        Corruption(
            "I16", "cancelled, nobody knows when",
            """
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT conname FROM pg_constraint
                    WHERE conrelid = 'comm_sessions'::regclass AND pg_get_constraintdef(oid) LIKE '%cancelled_at%'
                LOOP EXECUTE format('ALTER TABLE comm_sessions DROP CONSTRAINT %I', name); END LOOP;
            END $$;
            UPDATE comm_sessions SET cancelled_at = NULL
            """),
        Corruption(
            "I17", "an old address in a calendar",
            """
            UPDATE calendar_slots SET metadata = '{"meetingUrl": "https://zoom.example/old"}'
                WHERE session_id = pg_temp.id('scheduled') AND user_id = pg_temp.id('ada')
            """),
        Corruption(
            "I18", "a job whose worker is gone",
            "UPDATE queue_jobs SET lease_until = now() - interval '3 minutes'"),
        Corruption(
            "I18", "a saga that nobody takes up",
            "UPDATE sagas SET run_at = now() - interval '21 minutes' WHERE id = pg_temp.id('pending')"),
        Corruption(
            "I18", "a saga without a date",
            "UPDATE sagas SET run_at = NULL WHERE id = pg_temp.id('pending')"),
        Corruption("I20", "a table open to its owner", "ALTER TABLE sagas NO FORCE ROW LEVEL SECURITY"),
        Corruption(
            "I20", "a new table that nobody protected",
            """
            CREATE TABLE notes (organization_id uuid); CALL audited('notes', 'note', 'organization_id');
            CALL open_to_backup()
            """),
        Corruption("I21", "a view of its owner's", "ALTER VIEW all_sessions RESET (security_invoker)"),
        Corruption("I21", "a stored view", "CREATE MATERIALIZED VIEW numbers AS SELECT 1 AS number"),
        Corruption(
            "I21", "a function with anybody's search path", "ALTER FUNCTION password_of(text) RESET search_path"),
        Corruption(
            "I22", "a guard that is gone", "ALTER TABLE calendar_slots DROP CONSTRAINT calendar_no_overlap"),
        Corruption(
            "I22", "an index that was never finished",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sagas_run_at_idx'::regclass"),
        Corruption(
            "I23", "an entry that was edited",
            """
            UPDATE audit_logs SET entry = replace(entry, '"mentor"', '"admin"')
                WHERE organization_id = pg_temp.id('org') AND entry LIKE '%"mentor"%'
            """),
        Corruption(
            "I23", "an entry filed under another person",
            "UPDATE audit_logs SET actor_id = pg_temp.id('ada') WHERE position = 3"),
        Corruption(
            "I23", "an entry taken away, and the numbers closed",
            """
            DELETE FROM audit_logs WHERE organization_id = pg_temp.id('org') AND number = 5;
            UPDATE audit_logs SET number = -number WHERE organization_id = pg_temp.id('org') AND number > 5;
            UPDATE audit_logs SET number = -number - 1 WHERE number < 0;
            UPDATE audit_heads SET number = number - 1 WHERE organization_id = pg_temp.id('org');
            UPDATE audit_logs l SET position = p.place - 1000
                FROM (SELECT position, row_number() OVER (ORDER BY position) AS place FROM audit_logs) p
                WHERE p.position = l.position;
            UPDATE audit_logs SET position = position + 1000
            """),
        Corruption(
            "I23", "the newest entries taken away",
            "DELETE FROM audit_logs WHERE position > (SELECT max(position) - 2 FROM audit_logs)"),
        Corruption(
            "I23", "a whole chain taken away, with its head",
            """
            DELETE FROM audit_logs WHERE organization_id <> pg_temp.id('org');
            DELETE FROM audit_heads WHERE organization_id <> pg_temp.id('org')
            """),
        Corruption(
            "I23", "two entries in each other's place",
            """
            UPDATE audit_logs SET number = -number WHERE organization_id = pg_temp.id('org') AND number IN (5, 6);
            UPDATE audit_logs SET number = 11 + number WHERE number < 0
            """),
        Corruption("I24", "a new table that nobody audits", "CREATE TABLE notes (id uuid); CALL open_to_backup()"),
        Corruption("I24", "a table whose trigger is off", "ALTER TABLE memberships DISABLE TRIGGER audited_update"),
        Corruption("I24", "a secret that the log would show", "ALTER TABLE contracts ADD COLUMN seal bytea"),
        Corruption("I24", "a secret by its name", "ALTER TABLE users ADD COLUMN recovery_token text"),
        Corruption(
            "I25", "a table that a backup would leave out", "DROP POLICY backup ON users"),
        Corruption(
            "I26", "a mentor booked after they had left",
            "UPDATE memberships SET left_at = now() - interval '1 hour' WHERE user_id = pg_temp.id('mentor')"),
        Corruption(
            "I26", "a student booked who was none any more",
            """
            UPDATE memberships SET role = 'mentor', role_since = now() - interval '1 hour'
                WHERE user_id = pg_temp.id('ben')
            """),
        Corruption(
            "I27", "a person whom their organization calls by an older name",
            "UPDATE users SET name = 'Ada Other' WHERE id = pg_temp.id('ada')"),
        Corruption(
            "I27", "a member who is not found by their name",
            "UPDATE memberships SET found_by = 'somebody' WHERE user_id = pg_temp.id('ada')"),
    ]
}
