package import Foundation
package import Postgres
import Schema

/// A database of one test's own with the whole schema in it, as each of the roles sees it.
package struct TestDatabase: Sendable {
    package let url: String
    package let owner: Database
    /// `convene_app`: under row-level security, as requests are.
    package let app: Database
    /// `convene_worker`: sees every organization.
    package let worker: Database

    init(url: String) {
        self.url = url
        owner = Pool.toTests(url).database
        app = Pool.toTests(url, role: "convene_app").database
        worker = Pool.toTests(url, role: "convene_worker").database
    }

    /// Stops the database's clock (`present()`, by which it decides what is due) at `moment`. Leases, and what rows are
    /// stamped with, stay with the real one.
    package func setClock(to moment: Date) async throws {
        let seconds = moment.timeIntervalSince1970
        try await owner.run(
            SQL(
                stringLiteral: """
                    CREATE OR REPLACE FUNCTION present() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
                    RETURN timestamptz 'epoch' + make_interval(secs => \(seconds))
                    """))
    }
}

/// Calls `body` with a fresh database, cloned from a migrated one and dropped afterward.
package func withDatabase<Result: Sendable>(
    _ body: @Sendable (TestDatabase) async throws -> Result
) async throws -> Result {
    let template = try await Template.shared.name()
    return try await withDatabase(from: template) { try await body(TestDatabase(url: $0)) }
}

/// The migrated database that the others are copies of, made once in a test process.
private actor Template {
    static let shared = Template()

    private var making: Task<String, any Error>?

    func name() async throws -> String {
        let task = making ?? Task { try await Self.make() }
        making = task
        return try await task.value
    }

    private static func make() async throws -> String {
        let name = "template_migrated"
        let owner = Pool.toTests(try await TestCluster.shared.url()).database
        try await owner.run("CREATE DATABASE \(identifier: name) TEMPLATE template0")
        let database = Pool.toTests(try await TestCluster.shared.url(database: name)).database
        try await Migrator.bundled(on: database).up()
        try await LoginRoles(owner: database).open()
        // A database with open connections cannot be copied.
        try await owner.run("ALTER DATABASE \(identifier: name) ALLOW_CONNECTIONS false")
        try await owner.run(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = \(name)")
        return name
    }
}
