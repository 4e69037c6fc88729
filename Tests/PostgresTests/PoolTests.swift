import Foundation
import Logging
import ServiceLifecycle
import TestSupport
import Testing
import Values

@testable import Postgres

@Suite(.timeLimit(.minutes(5))) struct PoolTests {
    @Test func `a caller who has waited long enough is told that the connections are busy`() async throws {
        try await withEmptyDatabase { url in
            let clock = TestClock()
            let pool = Pool.toTests(url, clock: clock) { $0.size = 1 }
            try await pool.database.transaction { tx in
                try await tx.run("SELECT 1")
                let waiting = Task { try await pool.database.run("SELECT 1") }
                await pool.waiters(1)
                #expect(pool.load == PoolLoad(open: 1, busy: 1, waiting: 1))
                clock.advance(by: .seconds(30))
                await #expect(throws: PostgresError.unavailable(reason: "all 1 connections are busy")) {
                    try await waiting.value
                }
            }
            try await pool.database.run("SELECT 1")
        }
    }

    @Test func `a task that is cancelled while it waits sends nothing`() async throws {
        try await withEmptyDatabase { url in
            let clock = TestClock()
            let pool = Pool.toTests(url, clock: clock) { $0.size = 1 }
            try await pool.database.run("CREATE TABLE notes (id int)")
            try await pool.database.transaction { tx in
                try await tx.run("SELECT 1")
                let waiting = Task { try await pool.database.run("INSERT INTO notes VALUES (1)") }
                await pool.waiters(1)
                waiting.cancel()
                await #expect(
                    throws: PostgresError.unavailable(
                        reason: "the task was cancelled while it waited for a connection")
                ) { try await waiting.value }
            }
            #expect(try await pool.database.row("SELECT count(*) FROM notes", as: Int.self) == 0)
        }
    }

    @Test func `a cancelled task stops its statement on the server`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url)
            let sleeping = Task { try await pool.database.run("SELECT pg_sleep(1000)") }
            try await pool.database.until(
                "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
            )
            sleeping.cancel()
            let error = await #expect(throws: PostgresError.self) { try await sleeping.value }
            #expect(error?.state == .queryCanceled)
            try await pool.database.run("SELECT 1")
        }
    }

    @Test func `statements, locks and idle transactions have their time-outs`() async throws {
        try await withEmptyDatabase { url in
            let slow = Pool.toTests(url)
            let pool = Pool.toTests(url) {
                $0.statementTimeout = .milliseconds(300)
                $0.lockTimeout = .milliseconds(20)
                $0.idleInTransactionTimeout = .milliseconds(20)
            }
            let statement = await #expect(throws: PostgresError.self) {
                try await pool.database.run("SELECT pg_sleep(9)")
            }
            #expect(statement?.state == .queryCanceled)

            try await slow.database.run("CREATE TABLE notes (id int)")
            try await slow.database.transaction { tx in
                try await tx.run("LOCK TABLE notes")
                let lock = await #expect(throws: PostgresError.self) { try await pool.database.run("TABLE notes") }
                #expect(lock?.state == .lockNotAvailable)
            }

            let idle = await #expect(throws: PostgresError.self) {
                try await pool.database.transaction { tx in
                    let backend = try await tx.row("SELECT pg_backend_pid()", as: Int.self)
                    try await slow.database.until(
                        "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend))")
                    try await tx.run("SELECT 1")
                }
            }
            #expect(idle?.state?.rawValue == "25P03")
            try await pool.database.run("SELECT 1")
        }
    }

    @Test func `the application's role is bound by row-level security and the worker's is not`() async throws {
        try await withDatabase { database in
            let organization = OrganizationID(at: Date())
            let insert: SQL = "INSERT INTO organizations (id, slug, name) VALUES (\(organization), 'ours', 'Ours')"
            try await database.worker.run(insert)
            let count: SQL = "SELECT count(*) FROM organizations"
            #expect(try await database.worker.row(count, as: Int.self) == 1)
            #expect(try await database.app.row(count, as: Int.self) == 0)
            let inside = database.app.opening(with: "SELECT set_config('app.org_ids', \([organization]), true)")
            #expect(try await inside.row(count, as: Int.self) == 1)
        }
    }

    @Test func `every connection is in UTC, under its role and by its name`() async throws {
        try await withRole { url, owner, role in
            let pool = Pool.toTests(url, role: role) { $0.applicationName = "convene tests" }
            let seen = try await pool.database.rows(
                """
                SELECT unnest(ARRAY[session_user::text, current_setting('TimeZone'), current_setting('application_name'),
                    current_setting('search_path')])
                """, as: String.self)
            #expect(seen == [role, "UTC", "convene tests", "public, pg_temp"])
            for way in ["RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION"] {
                try await pool.database.script(way)
                #expect(try await pool.database.row("SELECT current_user", as: String.self) == role)
            }
            await pool.close()
        }
    }

    @Test(arguments: [
        "TimeZone = 'Europe/Berlin'", "DateStyle = 'German'", "search_path = elsewhere", "statement_timeout = 1000",
        "client_encoding = 'LATIN1'", "default_transaction_isolation = 'serializable'", "bytea_output = 'escape'",
    ]) func `what a role has set for itself does not hold for us`(_ setting: String) async throws {
        try await withRole { url, owner, role in
            let usual = try await Pool.toTests(url).database.standing()
            try await owner.run(SQL(stringLiteral: "ALTER ROLE \(role) SET \(setting)"))
            let pool = Pool.toTests(url, role: role)
            #expect(try await pool.database.standing() == usual)
            await pool.close()
        }
    }

    @Test(arguments: [
        (
            cause: "CREATE ROLE %I_other; GRANT %I_other TO %I; ALTER ROLE %I SET role = '%I_other'",
            told: "works as role_"
        ),
        (cause: "ALTER ROLE %I BYPASSRLS", told: "bypasses row-level security"),
        (cause: "ALTER ROLE %I SUPERUSER", told: "is a superuser"),
    ]) func `a connection that does not stand as it must is never lent`(cause: String, told: String) async throws {
        try await withRole { url, owner, role in
            try await owner.script(cause.replacing("%I", with: role))
            var configuration = PoolConfiguration(url: url)
            configuration.role = role
            configuration.connectTimeout = .seconds(30)
            configuration.roundTripTimeout = .seconds(60)
            let error = await #expect(throws: PostgresError.self) { try await ConnectionTrial(configuration) }
            guard case .unavailable(let reason) = error else { throw try #require(error) }
            #expect(reason.contains(told))
            try await owner.script("DROP ROLE IF EXISTS \(role)_other")
        }
    }

    @Test func `a connection that only reads is closed, and the next one writes`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url) { $0.size = 1 }
            let backend = try await pool.database.row("SELECT pg_backend_pid()", as: Int.self)
            try await pool.database.run("SET default_transaction_read_only = on")
            let error = await #expect(throws: PostgresError.self) { try await pool.database.run("CREATE TABLE a ()") }
            #expect(error?.state?.rawValue == "25006" && error?.isPassing == true)
            try await pool.database.run("CREATE TABLE a ()")
            #expect(try await pool.database.row("SELECT pg_backend_pid()", as: Int.self) != backend)
        }
    }

    @Test func `a pipeline as a whole has its time, whatever each of its statements may take`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url) { $0.roundTripTimeout = .milliseconds(300) }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.database.atomically(Array(repeating: "SELECT pg_sleep(0.2)", count: 100))
            }
            #expect(error?.state == .queryCanceled)
            try await pool.database.run("SELECT 1")
        }
    }

    @Test func `a task that is cancelled while it commits has committed`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url)
            let watch = Pool.toTests(url).database
            try await watch.script(Self.slowCommits)
            let writing = try await watch.transaction { gate in
                try await gate.run("SELECT pg_advisory_xact_lock(7)")
                let writing = Task {
                    _ = try await pool.database.transaction { try await $0.run("INSERT INTO notes VALUES (1)") }
                }
                try await watch.until(Self.somebodyIsAtTheGate)
                writing.cancel()
                return writing
            }
            _ = try await writing.value
            #expect(try await watch.row("SELECT count(*) FROM notes", as: Int.self) == 1)
        }
    }

    @Test func `a wake-up that nobody has heard yet does not cancel the commit that follows`() async throws {
        try await withEmptyDatabase { url in
            let owner = Pool.toTests(url).database
            try await owner.script(Self.slowCommits)
            let connection = Connection(number: 0)
            try await connection.open(ConnectionSettings(PoolConfiguration(url: url)), probing: false)
            _ = try await connection.run(["BEGIN", "INSERT INTO notes VALUES (1)"])

            // The task was cancelled when its last statement had just been answered.
            connection.interrupt()
            try await connection.commit()

            #expect(try await owner.row("SELECT count(*) FROM notes", as: Int.self) == 1)
        }
    }

    /// Makes each commit of a note wait for whoever holds the gate, and take half a second then.
    private static let slowCommits = """
        CREATE TABLE notes (id int);
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN PERFORM pg_advisory_xact_lock(7); PERFORM pg_sleep(0.5); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION slow();
        """

    /// A state that lasts until it is ended: on a busy machine one that ends by itself may never be seen.
    private static let somebodyIsAtTheGate: SQL = """
        SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    @Test func `a pool that shuts down lets the busy finish`() async throws {
        try await withEmptyDatabase { url in
            // On this clock the pool never runs out of patience.
            let pool = Pool.toTests(url, clock: TestClock())
            let watch = Pool.toTests(url).database
            let group = ServiceGroup(configuration: .init(services: [pool], logger: .quiet))
            async let running: Void = group.run()
            let busy = try await watch.transaction { gate in
                try await gate.run("SELECT pg_advisory_xact_lock(7)")
                let busy = Task {
                    try await pool.database.row("SELECT 7 FROM pg_advisory_xact_lock(7)", as: Int.self)
                }
                try await watch.until(Self.somebodyIsAtTheGate)
                await group.triggerGracefulShutdown()
                while (try? await pool.database.run("SELECT 1")) != nil {}
                return busy
            }
            #expect(try await busy.value == 7)
            try await running
            #expect(pool.load == PoolLoad(open: 0, busy: 0, waiting: 0))
            await #expect(throws: PostgresError.unavailable(reason: "the pool is closed")) {
                try await pool.database.run("SELECT 1")
            }
        }
    }

    @Test func `nobody is there: the reason is told and nothing was sent`() async throws {
        let clock = TestClock()
        let pool = Pool.toTests("host=/nowhere dbname=x", clock: clock)
        let asking = Task { try await pool.database.run("SELECT 1") }
        // The end of the caller's timeout, and the pause before the second attempt.
        await clock.sleepers(2)
        clock.advance(by: .seconds(30))
        let error = await #expect(throws: PostgresError.self) { try await asking.value }
        guard case .unavailable(let reason) = error else { throw try #require(error) }
        #expect(reason.hasPrefix("PostgreSQL cannot be reached"))
    }

    @Test func `notifications come one by one, after nil for the connection`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let listener = Listener(PoolConfiguration(url: url), channel: "Some Channel", logger: .quiet)
            var heard = listener.notifications().makeAsyncIterator()
            #expect(await heard.next() == .some(nil))
            try await database.run("SELECT pg_notify('Some Channel', n::text) FROM generate_series(1, 3) n")
            #expect(await heard.next() == "1")
            #expect(await heard.next() == "2")
            #expect(await heard.next() == "3")
            try await database.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'convene-listener' AND datname = current_database()"
            )
            #expect(await heard.next() == .some(nil))
            try await database.run("NOTIFY \"Some Channel\", 'again'")
            #expect(await heard.next() == "again")
        }
    }
}

extension Pool {
    /// Returns once `count` callers wait for a connection.
    fileprivate func waiters(_ count: Int) async {
        while load.waiting < count { await Task.yield() }
    }
}

/// Calls `body` with a database, its owner, and a role that can log in and nothing else.
private func withRole(_ body: @Sendable (_ url: String, _ owner: Database, _ role: String) async throws -> Void)
    async throws
{
    try await withEmptyDatabase { url in
        let owner = Pool.toTests(url).database
        let role = "role_\(UUID().uuidString.prefix(8).lowercased())"
        try await owner.run("CREATE ROLE \(identifier: role) LOGIN")
        try await body(url, owner, role)
        try await owner.run("DROP ROLE \(identifier: role)")
    }
}

extension Database {
    /// Every setting of a session.
    fileprivate func standing() async throws -> [String] {
        try await rows(
            "SELECT name || '=' || setting FROM pg_settings WHERE context = 'user' ORDER BY name", as: String.self)
    }

    /// Asks again and again until the answer is true.
    func until(_ condition: SQL) async throws {
        while try await row(condition, as: Bool.self) != true { try Task.checkCancellation() }
    }
}
