package import Foundation
package import Postgres
package import Values

/// What has happened, in order. Read it by number: whoever has seen `n` has seen all before it.
package struct Feed: Sendable {
    private let database: Database

    /// - Parameter database: under row-level security, only the organisations that were entered are seen.
    package init(_ database: Database) {
        self.database = database
    }

    package struct Entry: Decodable, Sendable {
        /// Dense over all organisations, from 1.
        package let position: Int
        package let organizationId: OrganizationID
        /// Dense in its organisation, from 1.
        package let number: Int
        package let id: EventID
        package let aggregateId: UUID
        package let type: String
        package let version: Int
        /// A JSON object.
        package let payload: String
        package let audience: [UserID]
        package let occurredAt: Date
    }

    /// One organisation's events with numbers above `number`, the oldest first.
    package func entries(
        of organization: OrganizationID, after number: Int, limit: Int
    ) async throws(PostgresError) -> [Entry] {
        try await database.rows(
            """
            \(Self.entries) WHERE organization_id = \(organization) AND number > \(number)
            ORDER BY number LIMIT \(limit)
            """)
    }

    /// Everybody's events with positions above `position`, the oldest first.
    package func entries(after position: Int, limit: Int) async throws(PostgresError) -> [Entry] {
        try await database.rows("\(Self.entries) WHERE position > \(position) ORDER BY position LIMIT \(limit)")
    }

    /// The number of an organisation's newest event, 0 before the first.
    package func head(of organization: OrganizationID) async throws(PostgresError) -> Int {
        try await database.row(
            "SELECT last_number FROM feed_heads WHERE organization_id = \(organization)", as: Int.self) ?? 0
    }

    private static let entries: SQL = """
        SELECT position, organization_id, number, id, aggregate_id, type, version, payload, audience, occurred_at
        FROM event_feed
        """
}
