import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Durable

@Suite struct RetentionTests {
    private static let now = Date(timeIntervalSince1970: 1_788_771_600)

    private func retention(_ database: TestDatabase, _ rules: [Retention] = Retention.durable) -> RetentionJob {
        RetentionJob(database: database.worker, rules: rules, logger: .quiet)
    }

    private func addJobs(_ count: Int, _ state: String, before: Duration, to database: TestDatabase) async throws {
        try await database.owner.run(
            """
            INSERT INTO queue_jobs (id, kind, key, state, finished_at)
            SELECT gen_random_uuid(), 'test', number::text, \(state), \(Self.now)::timestamptz - \(before)::interval
            FROM generate_series(1, \(count)) AS number
            """)
    }

    private func count(_ table: String, in database: TestDatabase) async throws -> Int? {
        try await database.owner.row("SELECT count(*) FROM \(identifier: table)", as: Int.self)
    }

    @Test func `what is too old goes, however much it is, and the rest stays`() async throws {
        try await withDatabase { database in
            try await database.setClock(to: Self.now)
            try await addJobs(2 * Retention.batch + 5, "done", before: .hours(8 * 24), to: database)
            try await addJobs(3, "done", before: .hours(6 * 24), to: database)
            try await addJobs(4, "dead", before: .hours(31 * 24), to: database)
            try await addJobs(5, "dead", before: .hours(29 * 24), to: database)

            try await retention(database).clear()

            let left: [String] = try await database.owner.rows(
                "SELECT state || ' ' || count(*) FROM queue_jobs GROUP BY state ORDER BY state")
            #expect(left == ["dead 5", "done 3"])
        }
    }

    @Test func `a table that cannot be cleared keeps no other from it, and is tried again`() async throws {
        try await withDatabase { database in
            try await database.setClock(to: Self.now)
            try await addJobs(3, "done", before: .hours(8 * 24), to: database)
            let rules = [Retention("nothing", in: "no_such_table", where: "true")] + Retention.durable

            let error = await #expect(throws: RetentionJob.Incomplete.self) {
                try await retention(database, rules).clear()
            }

            #expect(error?.what == ["nothing"])
            #expect(try await count("queue_jobs", in: database) == 0)
        }
    }

    @Test func `what is too old is found by an index`() async throws {
        try await withDatabase { database in
            for rule in Retention.durable {
                let plan: [String] = try await database.worker.transaction { tx in
                    try await tx.run("SET LOCAL enable_seqscan = off")
                    return try await tx.rows("EXPLAIN (COSTS OFF) \(rule.statement)")
                }
                // The first line names the table that is cleared; small ones may be looked at beside it.
                let table = try #require(plan.first?.split(separator: " ").last)
                #expect(!plan.contains { $0.contains("Seq Scan on \(table)") }, "\(rule.what): \(plan)")
            }
        }
    }

    @Test func `the newest event stays, from which the numbers go on`() async throws {
        try await withDatabase { database in
            try await database.setClock(to: Self.now)
            try await database.owner.run(
                """
                INSERT INTO event_feed (position, organization_id, number, id, aggregate_id, type, version, payload,
                    audience, occurred_at, recorded_at)
                SELECT n, '00000000-0000-0000-0000-000000000001', n, gen_random_uuid(), gen_random_uuid(), 'x', 1, '{}',
                       '{}', now(), \(Self.now)::timestamptz - interval '8 days'
                FROM generate_series(1, 50) AS n
                """)

            try await retention(database).clear()

            #expect(try await database.owner.rows("SELECT position FROM event_feed", as: Int.self) == [50])
        }
    }
}
