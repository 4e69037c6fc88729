import Foundation
import Postgres
import Values

/// What commands and provisioning need to know of a session that exists.
struct ProvisionedSession: Decodable, Sendable {
    let id: SessionID
    let kind: SessionKind
    let organizationId: OrganizationID
    let title: String
    let status: SessionStatus
    let scheduledAt: Date
    let duration: Int
    let meetingProvider: ProviderName
    let providerUserId: UserID
    let studentUserIds: [UserID]
    let createdByCounselorId: UserID
    let createdAt: Date
    let hostEmail: String
    let hostTimeZone: String
    let generation: Int
    /// Of the organization's own account at the provider; `nil`: the installation's is used.
    let accountVersion: Int64?

    var time: TimeRange { TimeRange(start: scheduledAt, duration: .minutes(duration)) }
    var audience: [UserID] { [providerUserId, createdByCounselorId] + studentUserIds }

    static func select(_ id: SessionID) -> SQL {
        """
        SELECT s.id, s.kind, s.organization_id, s.title, s.status, s.scheduled_at, s.duration, s.meeting_provider,
               s.provider_user_id, s.student_user_ids, s.created_by_counselor_id, s.created_at,
               u.email AS host_email, u.time_zone AS host_time_zone, (g.document->>'generation')::int AS generation,
               c.version AS account_version
        FROM all_sessions s JOIN users u ON u.id = s.provider_user_id JOIN sagas g ON g.id = s.id
        LEFT JOIN provider_credentials c
            ON c.organization_id = s.organization_id AND c.provider = s.meeting_provider
        WHERE s.id = \(id)
        """
    }
}
