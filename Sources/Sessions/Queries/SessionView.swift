package import Access
package import Foundation
import Postgres
package import Provisioning
package import Values

/// A session as its page and the API show it: what all have in common, and beside it what its kind has of its own.
/// Encoded without its failure, for which whoever shows it has the words.
@dynamicMemberLookup
package struct SessionView: Encodable, Sendable {
    let common: CommonFields
    package let failure: MeetingFailure?
    /// By the names of the kind's fields.
    package let details: [String: DetailValue]

    package subscript<Value>(dynamicMember field: KeyPath<CommonFields, Value>) -> Value { common[keyPath: field] }

    package func encode(to encoder: any Encoder) throws {
        try common.encode(to: encoder)
        try details.encode(to: encoder)
    }

    package struct Person: Codable, Sendable {
        package let userId: UserID
        package let name: String
        package let role: Role
        package let timeZone: String
    }

    package struct CommonFields: Encodable, Sendable {
        package let sessionId: SessionID
        package let kind: SessionKind
        package let status: SessionStatus
        package let title: String
        package let description: String?
        package let scheduledAt: Date
        /// Minutes.
        package let duration: Int
        package let meetingProvider: ProviderName
        package let studentId: UserID?
        package let studentIds: [UserID]?
        package let mentorId: UserID?
        package let counselorId: UserID?
        package let createdBy: UserID
        package let createdAt: Date
        package let updatedAt: Date
        /// These three while it is scheduled.
        package let meetingUrl: String?
        package let meetingNo: String?
        package let passcode: String?
        /// While people are in the meeting; not stored, but read from the meeting.
        package let live: Bool?
        package let people: [Person]
    }
}

/// One row of what is read for a ``SessionView``.
struct SessionRow: Decodable, Sendable {
    let id: SessionID
    let kind: SessionKind
    let status: SessionStatus
    let title: String
    let description: String?
    let scheduledAt: Date
    let duration: Int
    let meetingProvider: ProviderName
    let providerUserId: UserID
    let studentUserIds: [UserID]
    let createdByCounselorId: UserID
    let createdAt: Date
    let updatedAt: Date
    let meetingUrl: String?
    let meetingNo: String?
    let passcode: String?
    let meetingStatus: String?
    let failure: MeetingFailure?
    let people: [SessionView.Person]
    let details: [String: DetailValue?]

    /// The sessions that the actor may see: staff all of their organization, others those that they take part in.
    /// - Parameter filter: what follows after AND.
    static func select(where filter: SQL, rest: SQL) -> SQL {
        """
        SELECT s.id, s.kind, s.status, s.title, s.description, s.scheduled_at, s.duration, s.meeting_provider,
               s.provider_user_id, s.student_user_ids, s.created_by_counselor_id, s.created_at, s.updated_at, s.failure,
               s.details, m.meeting_url, m.meeting_no, m.passcode, m.status AS meeting_status,
               (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'userId', u.id, 'name', u.name, 'timeZone', u.time_zone, 'role', b.role)
                           ORDER BY u.id <> s.provider_user_id, u.name), '[]')
                FROM users u JOIN memberships b ON b.user_id = u.id AND b.organization_id = s.organization_id
                WHERE u.id = s.provider_user_id OR u.id = ANY (s.student_user_ids)) AS people
        FROM all_sessions s LEFT JOIN meetings m ON m.id = s.meeting_id
        WHERE s.organization_id = app_org_id()
          AND (app_role() IN ('super_admin', 'admin', 'counselor')
               OR s.id IN (SELECT session_id FROM calendar_slots WHERE user_id = app_user_id()))
          AND \(filter)
        \(rest)
        """
    }

    var view: SessionView {
        let isScheduled = status == .scheduled
        let common = SessionView.CommonFields(
            sessionId: id, kind: kind, status: status, title: title, description: description, scheduledAt: scheduledAt,
            duration: duration, meetingProvider: meetingProvider,
            studentId: kind.hasRoster ? nil : studentUserIds.first,
            studentIds: kind.hasRoster ? studentUserIds : nil,
            mentorId: kind.providerRole == .mentor ? providerUserId : nil,
            counselorId: kind.providerRole == .counselor ? providerUserId : nil,
            createdBy: createdByCounselorId, createdAt: createdAt, updatedAt: updatedAt,
            meetingUrl: isScheduled ? meetingUrl : nil, meetingNo: isScheduled ? meetingNo : nil,
            passcode: isScheduled ? passcode : nil, live: meetingStatus == "active" ? true : nil,
            people: people)
        return SessionView(common: common, failure: failure, details: details.compactMapValues(\.self))
    }
}
