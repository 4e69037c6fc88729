import Foundation
import Synchronization
import TestSupport
import Testing
import Values

@testable import Postgres

@Suite(.timeLimit(.minutes(5))) struct TransactionTests {
    private struct Refusal: Error {}

    @Test func `what a transaction did is gone when its body throws`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url)
            try await pool.database.run("CREATE TABLE notes (id int)")
            await #expect(throws: Refusal.self) {
                try await pool.database.transaction { tx in
                    try await tx.run("INSERT INTO notes VALUES (1)")
                    #expect(try await tx.row("SELECT count(*) FROM notes", as: Int.self) == 1)
                    throw Refusal()
                }
            }
            #expect(try await pool.database.row("SELECT count(*) FROM notes", as: Int.self) == 0)
            try await pool.database.transaction { tx in
                try await tx.run(["INSERT INTO notes VALUES (2)", "INSERT INTO notes VALUES (3)"])
            }
            #expect(try await pool.database.row("SELECT count(*) FROM notes", as: Int.self) == 2)
            #expect(pool.load == PoolLoad(open: 1, busy: 0, waiting: 0))
        }
    }

    @Test func `a body that goes on after a failed statement is told that nothing was kept`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.run("CREATE TABLE notes (id int PRIMARY KEY)")
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction { tx in
                    try await tx.run("INSERT INTO notes VALUES (1)")
                    _ = try? await tx.run("INSERT INTO notes VALUES (1)")
                }
            }
            #expect(error?.state?.rawValue == "25P02")
            #expect(try await database.row("SELECT count(*) FROM notes", as: Int.self) == 0)
        }
    }

    @Test func `a transaction that has ended takes no more statements`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let escaped = try await database.transaction { tx in tx }
            await #expect(throws: PostgresError.unavailable(reason: "the transaction has ended")) {
                try await escaped.run("SELECT 1")
            }
        }
    }

    @Test func `a connection that was left inside a transaction is not lent again`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url) { $0.size = 1 }
            let first = try await pool.database.row("SELECT pg_backend_pid()", as: Int.self)
            try await pool.database.run("BEGIN")
            #expect(try await pool.database.row("SELECT pg_backend_pid()", as: Int.self) != first)
        }
    }

    @Test func `of two transactions that deadlock both succeed`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.script(
                "CREATE TABLE sums (id int PRIMARY KEY, sum int); INSERT INTO sums VALUES (1, 0), (2, 0)")
            let attempts = Counter()
            let bothHoldOne = Meeting(of: 2)
            try await withThrowingTaskGroup { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        try await database.transaction { tx in
                            let attempt = attempts.next()
                            try await tx.run("UPDATE sums SET sum = sum + 1 WHERE id = \(order[0])")
                            if attempt <= 2 { await bothHoldOne.arrive() }
                            try await tx.run("UPDATE sums SET sum = sum + 1 WHERE id = \(order[1])")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.rows("SELECT sum FROM sums", as: Int.self) == [2, 2])
            #expect(attempts.next() >= 4)
        }
    }

    @Test func `a serialization failure is tried again three times, in a pipeline too`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.script(
                """
                CREATE SEQUENCE tries;
                CREATE FUNCTION fail_until(nth int) RETURNS int LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('tries') < nth THEN RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'again'; END IF;
                    RETURN currval('tries');
                END $$;
                """)
            #expect(try await database.row("SELECT fail_until(4)", as: Int.self) == 4)
            try await database.run("ALTER SEQUENCE tries RESTART")
            let count = try await database.transaction { try await $0.row("SELECT fail_until(4)", as: Int.self) }
            #expect(count == 4)
            try await database.run("ALTER SEQUENCE tries RESTART")
            let error = await #expect(throws: PostgresError.self) { try await database.run("SELECT fail_until(5)") }
            #expect(error?.state == .serializationFailure)
        }
    }
}

/// Lets go of everybody when the last has arrived.
private actor Meeting {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(of size: Int) {
        self.size = size
    }

    func arrive() async {
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            if waiting.count == size { for continuation in waiting { continuation.resume() } }
        }
    }
}

private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
