package import Foundation
package import Postgres
package import Values

/// Something that has happened, for everybody who wants to know: the feed, sagas, notifications, webhooks.
package struct IntegrationEvent: Sendable {
    package let id: EventID
    /// Who it is about: a session's id, say.
    package let aggregate: UUID
    /// `{what}.{happened}`, such as `gap_analysis.session.created`.
    package let type: String
    package let occurredAt: Date
    package let payload: any EventPayload
    /// The people, besides the organization's staff, who may hear of it.
    package let audience: [UserID]

    /// - Precondition: `type` is one of the payload's ``EventPayload/types``, where those who listen look for it.
    package init(
        aggregate: UUID, type: String, occurredAt: Date, payload: any EventPayload, audience: [UserID]
    ) {
        precondition(
            Swift.type(of: payload).types.contains(type), "\(type) is no type of \(Swift.type(of: payload))")
        id = EventID(at: occurredAt)
        self.aggregate = aggregate
        self.type = type
        self.occurredAt = occurredAt
        self.payload = payload
        self.audience = audience
    }
}

/// Where a transaction puts the events that it publishes: they are told if, and only if, it commits.
package enum Outbox {
    package static let gauges = [
        DatabaseGauge(
            "convene_outbox_events", "Events that wait to be published.",
            query: "SELECT count(*)::float8 FROM outbox_events")
    ]

    /// - Parameter organization: `nil` for the organization that the transaction has entered.
    package static func append(_ event: IntegrationEvent, of organization: OrganizationID? = nil) -> SQL {
        """
        INSERT INTO outbox_events (id, organization_id, aggregate_id, type, version, payload, audience, occurred_at)
        VALUES (\(event.id), coalesce(\(organization)::uuid, app_org_id()), \(event.aggregate), \(event.type),
                \(Swift.type(of: event.payload).version), \(JSON(AnyPayload(event.payload))), \(event.audience), \(event.occurredAt))
        """
    }
}

/// What `any Encodable` is encoded as.
struct AnyPayload: Encodable, Sendable {
    let payload: any Encodable & Sendable
    init(_ payload: any Encodable & Sendable) { self.payload = payload }
    func encode(to encoder: any Encoder) throws { try payload.encode(to: encoder) }
}
