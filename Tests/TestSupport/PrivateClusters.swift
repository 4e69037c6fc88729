import Foundation
import Glibc
package import PrivatePostgres

/// Calls `body` with a cluster of its own, not yet started, for tests that break it. It does not sync to disk.
package func withPrivateCluster<Result: Sendable>(
    _ body: @Sendable (PrivateCluster) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let cluster = PrivateCluster(folder: folder, settings: ["fsync": "off"], logger: .quiet)
        do {
            let result = try await body(cluster)
            await cluster.stop()
            return result
        } catch {
            await cluster.stop()
            throw error
        }
    }
}

/// Calls `body` with the path of a folder that does not exist yet, and removes it afterward.
package func withTemporaryFolder<Result: Sendable>(
    in parent: String = "/tmp", _ body: @Sendable (String) async throws -> Result
) async throws -> Result {
    // Named so that what a killed test leaves behind is removed by the next test process.
    let folder = "\(parent)/convene-tests-\(UUID().uuidString.prefix(8))-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
