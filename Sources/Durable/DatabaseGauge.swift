package import Postgres

/// How much there is of something, or for how long: counted in the database when the metrics are read.
package struct DatabaseGauge: Sendable {
    /// As Prometheus shows it.
    package let name: String
    package let help: String
    private let query: SQL

    /// - Parameter query: one `float8`.
    package init(_ name: String, _ help: String, query: SQL) {
        self.name = name
        self.help = help
        self.query = query
    }

    /// - Parameter database: as `convene_worker`, which sees every organization.
    package func value(in database: Database) async throws -> Double {
        try await database.row(query, as: Double.self) ?? 0
    }
}
