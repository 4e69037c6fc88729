import Access
import Audit
import Foundation
import Postgres
import Schema
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(5))) struct AuditTests {
    @Test func `a change shows who made it, from where, and what was there before`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            try await database.app.acting(as: world.ben).run(
                "UPDATE memberships SET role = 'counselor' WHERE user_id = \(world.ada)")

            let newest = try #require(try await world.entries(as: world.ben).first)
            #expect(newest.organizationId == world.organization)
            #expect(newest.action == "membership.updated")
            #expect(newest.subjectId == world.ada.description)
            #expect(newest.actorId == world.ben.user)
            #expect(newest.actorName == "Ben")
            let said = try JSONDecoder.convene.decode(Said.self, from: Data(newest.entry.utf8))
            #expect(said.role == "admin")
            #expect(said.address == "192.0.2.1")
            #expect(said.signIn == world.ben.person.signIn)
            #expect(said.before == ["role": "mentor"])
            #expect(said.after == ["role": "counselor"])
            #expect(try await world.entries(as: world.root).first?.actorName == "Ben")
        }
    }

    @Test func `what background work and the database's owner do is told apart`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            try await database.worker.run("UPDATE organizations SET name = 'By work'")
            try await database.owner.run("UPDATE organizations SET name = 'By hand'")

            let roles = try await world.entries(as: world.ben).prefix(2).map {
                try JSONDecoder.convene.decode(Said.self, from: Data($0.entry.utf8)).role
            }
            #expect(roles == ["owner", "worker"])
        }
    }

    @Test func `no secret reaches the log, only that there was one`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            try await database.owner.script(
                """
                CREATE TABLE secrets (id int PRIMARY KEY, api_key text, sealed bytea, note text, kept text);
                CALL audited('secrets', 'secret', masked => '{kept}');
                INSERT INTO secrets VALUES (1, 'canary', 'canary', 'plain', 'canary');
                UPDATE secrets SET api_key = 'canary two', sealed = 'canary two';
                INSERT INTO user_passwords SELECT id, '$argon2id$canary' FROM users;
                UPDATE user_passwords SET hash = '$argon2id$canary two';
                UPDATE sign_ins SET refresh_hash = 'canary', medium = 'program' WHERE user_id = '\(world.ada)';
                """)

            let log = try await world.entries(as: world.root).map(\.entry)
            #expect(log.filter { $0.contains("canary") || $0.contains("63616e617279") } == [])
            #expect(log.contains { $0.contains(#""after": {"sealed": "•••", "api_key": "•••"}"#) })
            #expect(log.contains { $0.contains(#""after": {"id": 1, "kept": "•••", "note": "plain""#) })
            #expect(log.filter { $0.contains("password.updated") }.count == 3)
        }
    }

    @Test func `an update of nothing but bookkeeping leaves no entry`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            let before = try await world.entries(as: world.root).count
            try await database.owner.atomically([
                "UPDATE users SET updated_at = now() + interval '1 day', name = name",
                "UPDATE sign_ins SET last_seen_at = now(), refresh_hash = 'another' WHERE user_id = \(world.ada)",
            ])

            #expect(try await world.entries(as: world.root).count == before)
        }
    }

    @Test func `a long value is cut`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            try await database.owner.script(
                """
                CREATE TABLE documents (id int PRIMARY KEY, body jsonb);
                CALL audited('documents', 'document');
                INSERT INTO documents VALUES (1, to_jsonb(array_fill('word'::text, ARRAY[10000])));
                """)

            let entry = try #require(try await world.entries(as: world.root).first?.entry)
            #expect(entry.contains("…"))
            #expect(entry.utf8.count < 6000)
        }
    }

    @Test func `eight writers who roll back now and then, two chainers cut off: every commit is numbered once`()
        async throws
    {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            let others = Pool.toTests(database.url, role: "convene_worker").database
            let chaining = [database.worker, others].map { database in
                Task { while !Task.isCancelled { await AuditWorld.chain(database).drain() } }
            }
            let committed = try await withThrowingTaskGroup(of: Int.self) { writers in
                for writer in 0..<8 {
                    writers.addTask {
                        var committed = 0
                        for turn in 0..<50 {
                            do {
                                try await others.transaction { tx in
                                    try await tx.run(
                                        "UPDATE users SET name = \("\(writer) \(turn)") WHERE id = \(world.ada)")
                                    if (writer + turn) % 5 == 0 { throw Changed() }
                                }
                                committed += 1
                            } catch is Changed {}
                        }
                        return committed
                    }
                }
                return try await writers.reduce(0, +)
            }
            // Cut off in the middle of whatever they do.
            for chainer in chaining {
                chainer.cancel()
                _ = await chainer.result
            }

            let changes = try await world.entries(as: world.root).filter { $0.action == "user.updated" }
            #expect(changes.count == committed)
            let chain = try await world.entries(as: world.root).filter { $0.organizationId == nil }.map(\.number)
            #expect(chain == Array((1...chain.count).reversed()))
            #expect(try await Invariants.bundled().violations(in: database.owner) == [])
        }
    }

    @Test func `an admin sees their organization's log, the platform's admin all, and nobody else any`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            try await database.owner.run(
                "INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'two', 'Two')")

            let seen = try await world.entries(as: world.ben)
            #expect(Set(seen.map(\.organizationId)) == [world.organization])
            #expect(Set(try await world.entries(as: world.root).map(\.organizationId)).count == 3)
            #expect(try await world.entries(as: world.root(in: world.organization)).map(\.hash) == seen.map(\.hash))
            await #expect(throws: AccessError.forbidden) { try await world.entries(as: world.mentor) }
            #expect(try await database.app.rows("SELECT number FROM audit_logs", as: Int.self) == [])
        }
    }

    @Test func `filters and pages give each entry once`() async throws {
        try await withDatabase { database in
            let world = try await AuditWorld(in: database)
            let all = try await world.entries(as: world.root)
            var paged: [Int] = []
            var cursor: Cursor?
            repeat {
                let page = try await world.audit.list(.init(), after: cursor, limit: 3, as: world.root)
                paged += page.items.map(\.position)
                cursor = page.nextCursor.flatMap { Cursor($0) }
            } while cursor != nil

            #expect(paged == all.map(\.position))
            let memberships = try await world.audit.list(
                .init(action: "membership.created", subject: world.ada.description), after: nil, limit: 50,
                as: world.root)
            #expect(memberships.items.map(\.subjectId) == [world.ada.description])
            let future = try await world.audit.list(.init(from: .now + 60), after: nil, limit: 50, as: world.root)
            #expect(future.items.isEmpty)
        }
    }

    @Test(arguments: ["convene_app", "convene_worker"]) func `nobody writes the log but the database`(role: String)
        async throws
    {
        try await withDatabase { database in
            _ = try await AuditWorld(in: database)
            let asRole = Pool.toTests(database.url, role: role).database
            for table in ["audit_entries", "audit_logs", "audit_heads"] {
                for attempt: SQL in [
                    "INSERT INTO \(identifier: table) SELECT * FROM \(identifier: table)",
                    "UPDATE \(identifier: table) SET organization_id = organization_id",
                    "DELETE FROM \(identifier: table)", "TRUNCATE \(identifier: table)",
                ] {
                    await #expect("\(attempt.text)") {
                        try await asRole.run(attempt)
                    } throws: { error in
                        guard case .server(let error) = error as? PostgresError else { return false }
                        return error.state == SQLState(rawValue: "42501")
                    }
                }
            }
        }
    }

    @Test func `every subject of a migration can be asked for, and no other`() async throws {
        try await withDatabase { database in
            let subjects = try await database.owner.rows(
                """
                SELECT DISTINCT split_part(encode(tgargs, 'escape'), '\\000', 1)
                FROM pg_trigger WHERE tgfoid = 'audit()'::regprocedure
                """, as: String.self)

            #expect(Set(subjects) == Set(AuditSubject.allCases.map(\.rawValue)))
        }
    }

    private struct Changed: Error {}

    private struct Said: Decodable {
        let role: String?
        let address: String?
        let signIn: SignInID?
        let before: [String: String]?
        let after: [String: String]?
    }
}
