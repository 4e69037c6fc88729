package import Foundation
package import Postgres
package import Values

/// An event with its place in the feed.
package struct FeedEvent: Decodable, Sendable {
    /// Among all organizations' events, dense.
    package let position: Int
    package let organizationId: OrganizationID
    /// Among its organization's events, dense from 1.
    package let number: Int
    package let id: EventID
    package let type: String
    package let version: Int
    package let occurredAt: Date
    /// A JSON object.
    package let payload: String
    /// The people, besides the organization's staff, who may hear of it.
    package let audience: [UserID]

    /// - Throws: `DecodingError` when the payload is not of that type, or of another version of it.
    package func payload<Payload: EventPayload>(as type: Payload.Type = Payload.self) throws -> Payload {
        try JSONDecoder.convene.decode(type, from: Data(payload.utf8))
    }
}

/// What has happened, in the order in which it became visible.
package enum Feed {
    private static let columns: SQL =
        "position, organization_id, number, id, type, version, occurred_at, payload::text AS payload, audience"

    /// Of all organizations, for the platform's own readers.
    package static func events(afterPosition position: Int, limit: Int) -> SQL {
        "SELECT \(columns) FROM event_feed WHERE position > \(position) ORDER BY position LIMIT \(limit)"
    }

    package static let lastPosition: SQL = "SELECT coalesce(max(position), 0) FROM event_feed"

    /// Of the organization that the transaction has entered.
    package static func events(afterNumber number: Int, limit: Int) -> SQL {
        """
        SELECT \(columns) FROM event_feed WHERE organization_id = app_org_id() AND number > \(number)
        ORDER BY number LIMIT \(limit)
        """
    }

    /// The lowest number that can still be read and the last that was given, of the organization that was entered.
    package static let window: SQL = """
        SELECT coalesce((SELECT min(number) FROM event_feed WHERE organization_id = app_org_id()), head + 1) AS first, head
        FROM (SELECT coalesce((SELECT last_number FROM feed_heads WHERE organization_id = app_org_id()), 0) AS head) h
        """
}
