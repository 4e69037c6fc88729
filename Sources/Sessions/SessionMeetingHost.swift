import Calendars
import Durable
package import Foundation
package import Meetings
package import Postgres
package import Provisioning
import Registry
package import Values

/// A session as the one that a meeting is for, and as commands know it that change it.
package struct SessionMeetingHost: MeetingHost {
    package static let kind = "session_meeting"

    let id: SessionID
    let kind: SessionKind
    let organizationId: OrganizationID
    package let title: String
    let status: SessionStatus
    let scheduledAt: Date
    let duration: Int
    let meetingProvider: ProviderName
    let providerUserId: UserID
    let studentUserIds: [UserID]
    let createdByCounselorId: UserID
    package let createdAt: Date
    package let ownerEmail: String
    package let ownerTimeZone: String
    /// Of the saga.
    let generation: Int

    package var provider: ProviderName { meetingProvider }
    package var owner: UserID { providerUserId }
    package var time: TimeRange { TimeRange(start: scheduledAt, duration: .minutes(duration)) }
    var audience: [UserID] { [providerUserId, createdByCounselorId] + studentUserIds }

    package static func select(_ id: UUID) -> SQL {
        """
        SELECT s.id, s.kind, s.organization_id, s.title, s.status, s.scheduled_at, s.duration, s.meeting_provider,
               s.provider_user_id, s.student_user_ids, s.created_by_counselor_id, s.created_at,
               u.email AS owner_email, u.time_zone AS owner_time_zone, (g.document->>'generation')::int AS generation
        FROM all_sessions s JOIN users u ON u.id = s.provider_user_id JOIN sagas g ON g.id = s.id
        WHERE s.id = \(id)
        """
    }
}

extension SessionMeetingHost {
    package static let notWaiting = SessionStore.wrongState

    package func schedule(_ meeting: ProvisionedMeeting, as id: MeetingID, at now: Date) -> [SQL] {
        var writes = SessionWrites()
        writes.session = [SessionStore.schedule(self.id, of: kind, meeting: id)]
        writes.slots = [Slots.attach(meeting: id, url: meeting.joinURL, to: self.id)]
        writes.new = [
            Outbox.append(
                SessionEvents.result(of: .create, on: self, meeting: meeting, failure: nil, at: now),
                of: organizationId)
        ]
        return writes.inOrder
    }

    package func release(because failure: MeetingFailure, at now: Date) -> [SQL] {
        var writes = SessionWrites()
        writes.session = [SessionStore.fail(id, of: kind, failure: failure)]
        writes.units = [Holds.release(session: id, reason: "meeting_failed")]
        writes.slots = [Slots.cancel(session: id)]
        writes.new = [
            Outbox.append(
                SessionEvents.result(of: .create, on: self, meeting: nil, failure: failure, at: now),
                of: organizationId)
        ]
        return writes.inOrder
    }
}
