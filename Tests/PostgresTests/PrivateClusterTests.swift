import Foundation
import Glibc
import Logging
import Postgres
import PrivatePostgres
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct PrivateClusterTests {
    @Test func `a first start makes the data, and a second start finds it again`() async throws {
        try await withTemporaryFolder { folder in
            let first = PrivateCluster(folder: folder, logger: .quiet)
            let database = Pool.toTests(try await first.start()).database
            try await database.run("CREATE TABLE notes AS SELECT 'kept' AS text")
            let facts = try await database.rows(
                """
                SELECT unnest(ARRAY[current_user::text, current_database()::text, current_setting('server_encoding'),
                    current_setting('data_checksums'), current_setting('listen_addresses'), current_setting('fsync')])
                """, as: String.self)
            #expect(facts == ["convene_owner", "convene", "UTF8", "on", "", "on"])
            try await database.requireDurableWrites()
            await first.stop()
            #expect(!FileManager.default.fileExists(atPath: folder + "/postgres/postmaster.pid"))

            let second = PrivateCluster(folder: folder, logger: .quiet)
            let again = Pool.toTests(try await second.start()).database
            #expect(try await again.rows("SELECT text FROM notes", as: String.self) == ["kept"])
            await second.stop()
        }
    }

    @Test func `the data and the socket are closed to everybody else`() async throws {
        try await withTemporaryFolder { folder in
            let cluster = PrivateCluster(folder: folder, settings: ["fsync": "off"], logger: .quiet)
            _ = try await cluster.start()
            for name in ["postgres", "socket"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                #expect(attributes[.posixPermissions] as? Int == 0o700)
                #expect(attributes[.ownerAccountID] as? Int != 0)
            }
            await cluster.stop()
        }
    }

    @Test func `a folder in use is refused`() async throws {
        try await withTemporaryFolder { folder in
            let first = PrivateCluster(folder: folder, settings: ["fsync": "off"], logger: .quiet)
            let url = try await first.start()
            await #expect(throws: PrivateClusterError.folderInUse(folder)) {
                try await PrivateCluster(folder: folder, logger: .quiet).start()
            }
            #expect(try await Pool.toTests(url).database.row("SELECT 1", as: Int.self) == 1)
            await first.stop()
        }
    }

    @Test func `what a killed server left behind does not hinder the next start`() async throws {
        try await withTemporaryFolder { folder in
            let first = PrivateCluster(folder: folder, settings: ["fsync": "off"], logger: .quiet)
            _ = try await first.start()
            let left = try Data(contentsOf: URL(filePath: folder + "/postgres/postmaster.pid"))
            await first.stop()
            try left.write(to: URL(filePath: folder + "/postgres/postmaster.pid"))
            try FileManager.default.createDirectory(
                atPath: folder + "/postgres.unfinished", withIntermediateDirectories: true)

            let second = PrivateCluster(folder: folder, settings: ["fsync": "off"], logger: .quiet)
            let database = Pool.toTests(try await second.start()).database
            #expect(try await database.row("SELECT 1", as: Int.self) == 1)
            await second.stop()
        }
    }

    @Test func `a long data path gets a short path for its socket`() async throws {
        try await withTemporaryFolder { folder in
            let deep = folder + "/" + String(repeating: "deep", count: 30)
            let cluster = PrivateCluster(folder: deep, settings: ["fsync": "off"], logger: .quiet)
            let url = try await cluster.start()
            #expect(try await Pool.toTests(url).database.row("SELECT 1", as: Int.self) == 1)
            await cluster.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `a folder out of the unprivileged user's reach is told`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let error = await #expect(throws: PrivateClusterError.self) {
                try await PrivateCluster(folder: folder + "/data", logger: .quiet).start()
            }
            guard case .folderOutOfReach = error else { throw try #require(error) }
        }
    }

    @Test func `a setting that PostgreSQL does not know stops the start with its own words`() async throws {
        try await withTemporaryFolder { folder in
            let cluster = PrivateCluster(
                folder: folder, settings: ["fsync": "off", "no_such": "1"], logger: .quiet, timeout: .zero)
            let error = await #expect(throws: PrivateClusterError.self) { try await cluster.start() }
            guard case .didNotStart(let log) = error else { throw try #require(error) }
            #expect(log.contains("no_such"))
        }
    }

    @Test func `settings that lose confirmed rows are refused by name`() async throws {
        try await withPrivateCluster { cluster in
            let database = Pool.toTests(try await cluster.start()).database
            await #expect(throws: UnsafeSettings(names: ["fsync"])) { try await database.requireDurableWrites() }
        }
    }

    @Test func `its log is put aside when it is full, while it runs`() async throws {
        try await withTemporaryFolder { folder in
            let cluster = PrivateCluster(
                folder: folder, settings: ["fsync": "off", "log_statement": "all"], logger: .quiet, logLimit: 20_000)
            let database = Pool.toTests(try await cluster.start()).database
            let running = Task { try await cluster.run() }
            func size(_ name: String) throws -> Int {
                try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int ?? 0
            }
            let lastTry = ContinuousClock.now.advanced(by: .seconds(60))
            while !FileManager.default.fileExists(atPath: folder + "/postgres.log.1"), .now < lastTry {
                try await database.run("SELECT pg_sleep(0.02), repeat('x', 1000)")
            }
            #expect(try size("postgres.log.1") > 20_000)
            let after = try size("postgres.log")
            try await database.run("SELECT 'this is appended at the beginning'")
            #expect(after < 20_000)
            #expect(try size("postgres.log") > after)
            let text = try String(contentsOfFile: folder + "/postgres.log", encoding: .utf8)
            #expect(!text.contains("\0"))
            running.cancel()
            try await running.value
        }
    }
}
