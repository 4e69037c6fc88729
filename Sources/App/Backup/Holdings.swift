import Postgres

/// What a database holds, for a person to compare.
struct Holdings: Decodable, Sendable, CustomStringConvertible {
    let organizations: Int, people: Int, sessions: Int, entries: Int, version: Int

    /// - Parameter tx: of somebody who sees every row.
    init(in tx: Transaction) async throws {
        let found = try await tx.row(
            """
            SELECT (SELECT count(*) FROM organizations) AS organizations, (SELECT count(*) FROM users) AS people,
                (SELECT count(*) FROM all_sessions) AS sessions,
                (SELECT count(*) FROM audit_logs) + (SELECT count(*) FROM audit_entries) AS entries,
                (SELECT coalesce(max(version), 0) FROM schema_migrations) AS version
            """, as: Holdings.self)
        guard let found else { throw PostgresError.unavailable(reason: "the database answered nothing") }
        self = found
    }

    var description: String {
        """
        \(organizations) organizations, \(people) people, \(sessions) sessions and \(entries) audit entries, \
        with the schema \(version)
        """
    }
}
