package import Access
package import Foundation
import Postgres
import Values

/// Which sessions a list shows.
package struct SessionFilter: Sendable {
    /// Only those in which the actor is what the role says: who gives it, attends it, or booked it.
    package var role: Role?
    package var statuses: [SessionStatus] = []
    package var kind: SessionKind?
    /// Only those that are not over then: what crosses the beginning of a day is in it.
    package var from: Date?
    /// Only those that begin before.
    package var to: Date?
    /// Not over by then, whenever it starts.
    package var endingAfter: Date?
    package var newestFirst = false

    package init() {}
}

/// Sessions of every kind, in the order of their time.
struct SessionList: Sendable {
    let database: Database

    func callAsFunction(
        _ filter: SessionFilter, after cursor: Cursor?, limit: Int, as actor: Actor
    ) async throws -> Page<SessionView> {
        var conditions: [SQL] = ["true"]
        switch filter.role {
        case .mentor: conditions.append("s.provider_user_id = app_user_id()")
        case .student:
            conditions.append(
                "s.id IN (SELECT session_id FROM calendar_slots WHERE user_id = app_user_id() AND user_type = 'student')"
            )
        case .counselor: conditions.append("app_user_id() IN (s.created_by_counselor_id, s.provider_user_id)")
        case .superAdmin, .admin, nil: break
        }
        if !filter.statuses.isEmpty { conditions.append("s.status = ANY (\(filter.statuses)::text[])") }
        if let kind = filter.kind { conditions.append("s.kind = \(kind)") }
        if let from = filter.from {
            // No session is longer than three hours, which an index on its beginning can use.
            conditions.append("s.scheduled_at > \(from)::timestamptz - interval '180 minutes'")
            conditions.append("s.scheduled_at + s.duration * interval '1 minute' > \(from)")
        }
        if let to = filter.to { conditions.append("s.scheduled_at < \(to)") }
        if let end = filter.endingAfter {
            // No session lasts longer than three hours, and the first condition is what the index knows.
            conditions.append(
                """
                s.scheduled_at > \(end)::timestamptz - interval '3 hours'
                AND s.scheduled_at + s.duration * interval '1 minute' > \(end)
                """)
        }
        if let cursor {
            let place: SQL = "(\(cursor.moment)::timestamptz, \(cursor.id)::uuid)"
            conditions.append(
                filter.newestFirst
                    ? "(s.scheduled_at, s.id) < \(place)" : "(s.scheduled_at, s.id) > \(place)")
        }
        let order: SQL = filter.newestFirst ? "s.scheduled_at DESC, s.id DESC" : "s.scheduled_at, s.id"
        let found = try await database.acting(as: actor).rows(
            SessionRow.select(
                where: SQL.joined(conditions, separator: " AND "),
                rest: "ORDER BY \(order) LIMIT \(limit + 1)"),
            as: SessionRow.self)
        return Page(found.map(\.view), limit: limit) { Cursor(moment: $0.scheduledAt, id: $0.sessionId.uuid) }
    }
}
