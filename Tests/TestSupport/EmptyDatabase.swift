import Foundation
package import Postgres
package import Values

/// Calls `body` with the URL of a new, empty database of the shared cluster, which is dropped afterward.
package func withEmptyDatabase<Result: Sendable>(
    _ body: @Sendable (_ url: String) async throws -> Result
) async throws -> Result {
    try await withDatabase(from: "template0", body)
}

func withDatabase<Result: Sendable>(
    from template: String, _ body: @Sendable (_ url: String) async throws -> Result
) async throws -> Result {
    await DatabasePlaces.shared.take()
    defer { Task { await DatabasePlaces.shared.giveBack() } }
    let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    let owner = Pool.toTests(try await TestCluster.shared.url()).database
    try await owner.run("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template)")
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(try await TestCluster.shared.url(database: name)))
    } catch {
        outcome = .failure(error)
    }
    // In a task of its own, so that a cancelled test drops its database too.
    try await Task { _ = try await owner.run("DROP DATABASE \(identifier: name) WITH (FORCE)") }.value
    return try outcome.get()
}

extension Pool {
    /// A small pool on the system's clock.
    package static func toTests(
        _ url: String, role: String? = nil, clock: any WallClock = SystemClock(),
        _ change: (inout PoolConfiguration) -> Void = { _ in }
    ) -> Pool {
        var configuration = PoolConfiguration(url: url)
        configuration.role = role
        configuration.size = 4
        // Tests run beside each other on a busy machine.
        configuration.wait = .seconds(30)
        configuration.connectTimeout = .seconds(30)
        configuration.statementTimeout = .seconds(30)
        configuration.roundTripTimeout = .seconds(60)
        configuration.lockTimeout = .seconds(20)
        configuration.idleInTransactionTimeout = .seconds(60)
        change(&configuration)
        return Pool(configuration, clock: clock, logger: .quiet)
    }
}
