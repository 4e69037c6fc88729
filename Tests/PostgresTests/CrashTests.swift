import Foundation
import Glibc
import Logging
import PrivatePostgres
import TestSupport
import Testing
import Values

@testable import Postgres

@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    @Test func `a statement whose backend is killed has an unknown outcome, and the next one works`() async throws {
        try await withPrivateCluster { cluster in
            let url = try await cluster.start()
            let pool = Pool.toTests(url) { $0.size = 1 }
            let inFlight = Task { try await pool.database.run("SELECT pg_sleep(1000)") }
            let watch = Pool.toTests(url).database
            let sleeper: SQL = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            var backend: Int?
            while backend == nil { backend = try await watch.row(sleeper, as: Int.self) }
            kill(pid_t(try #require(backend)), SIGKILL)
            let error = await #expect(throws: PostgresError.self) { try await inFlight.value }
            guard case .outcomeUnknown = error else { throw try #require(error) }
            // PostgreSQL ends everybody when one was killed, so even an idle connection is dead by now.
            #expect(try await pool.database.row("SELECT 1", as: Int.self) == 1)
            await cluster.stop()
        }
    }

    @Test func `an idle connection that the server closed is replaced before anybody notices`() async throws {
        try await withEmptyDatabase { url in
            let pool = Pool.toTests(url) { $0.size = 1 }
            let other = Pool.toTests(url).database
            let backend = try await pool.database.row("SELECT pg_backend_pid()", as: Int.self)
            try await other.run("SELECT pg_terminate_backend(\(backend))")
            try await other.until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend))")
            #expect(try await pool.database.row("SELECT pg_backend_pid()", as: Int.self) != backend)
        }
    }

    @Test func `after kill -9 of PostgreSQL the next statements work by themselves`()
        async throws
    {
        try await withPrivateCluster { cluster in
            let url = try await cluster.start()
            let pool = Pool.toTests(url)
            try await pool.database.run("CREATE TABLE notes (id int)")
            let inFlight = Task { try await pool.database.run("INSERT INTO notes SELECT 1 FROM pg_sleep(1000)") }
            try await pool.database.until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            kill(try #require(cluster.processID), SIGKILL)
            let error = await #expect(throws: PostgresError.self) { try await inFlight.value }
            guard case .outcomeUnknown = error else { throw try #require(error) }
            while true {
                do {
                    #expect(try await pool.database.row("SELECT count(*) FROM notes", as: Int.self) == 0)
                    break
                } catch PostgresError.unavailable, PostgresError.outcomeUnknown {
                    // Not back yet, or one of the old server's processes that has not noticed yet.
                    continue
                }
            }
            await cluster.stop()
        }
    }
}
