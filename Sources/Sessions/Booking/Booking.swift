package import Foundation
import Postgres
package import Values

/// What a counselor asks for.
package struct Booking: Sendable {
    package let details: any SessionDetails
    /// One student, or a class's whole roster.
    package let students: [UserID]
    /// The mentor, or the counselor of a talk.
    package let provider: UserID
    package let title: String
    package let description: String?
    package let time: TimeRange
    /// `nil`: the organization's own choice.
    package let meetingProvider: ProviderName?

    package init(
        details: any SessionDetails, students: [UserID], provider: UserID, title: String, description: String?,
        time: TimeRange, meetingProvider: ProviderName?
    ) {
        self.details = details
        self.students = students
        self.provider = provider
        self.title = title
        self.description = description
        self.time = time
        self.meetingProvider = meetingProvider
    }

    package var kind: SessionKind { type(of: details).kind }
}

/// A session that has been booked: it has its people's time, and no meeting yet.
package struct BookedSession: Codable, Sendable, Hashable {
    package let sessionId: SessionID
    package let kind: SessionKind
    package let status: SessionStatus
    package let studentId: UserID?
    package let studentIds: [UserID]?
    package let mentorId: UserID?
    package let counselorId: UserID?
    package let title: String
    package let scheduledAt: Date
    /// Minutes.
    package let duration: Int
    package let meetingProvider: ProviderName
    package let createdAt: Date
}

package enum SessionStatus: String, Codable, Sendable, CaseIterable {
    case pendingMeeting = "pending_meeting"
    case scheduled
    case meetingFailed = "meeting_failed"
    case completed, cancelled
}

extension SessionStatus: SQLBindable {}
