import Foundation
import Glibc
package import Logging
import Postgres
import PrivatePostgres
import Values

/// The PostgreSQL of this test process: started when first wanted, gone with the process.
///
/// It does not sync to disk: tests kill processes, not machines.
package actor TestCluster {
    package static let shared = TestCluster()

    private var starting: Task<String, any Error>?

    /// What the cluster's owner connects to `database` with.
    package func url(database: String = PrivateCluster.database) async throws -> String {
        let task = starting ?? Task { try await Self.start() }
        starting = task
        return try await task.value.replacing("dbname=\(PrivateCluster.database)", with: "dbname=\(database)")
    }

    private static func start() async throws -> String {
        removeLeftovers()
        let settings = [
            "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "800",
            "deadlock_timeout": "100ms",
        ]
        let cluster = PrivateCluster(folder: prefix + "\(getpid())", settings: settings, logger: .quiet)
        return try await cluster.start()
    }

    private static let prefix = "/tmp/convene-tests-"

    /// Of test processes that are no more.
    private static func removeLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where "/tmp/\(name)".hasPrefix(prefix) {
            guard let process = pid_t(name.split(separator: "-").last ?? ""), kill(process, 0) != 0 else { continue }
            try? FileManager.default.removeItem(atPath: "/tmp/\(name)")
        }
    }
}

extension Logger {
    /// Says nothing.
    package static var quiet: Logger { Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() } }
}
