import Durable
package import Foundation
import Meetings
package import Provisioning
package import Values

/// A session was booked. `{kind}.session.created`
package struct SessionCreated: EventPayload {
    package let sessionId: SessionID
    package let studentId: UserID?
    package let studentIds: [UserID]?
    package let mentorId: UserID?
    package let counselorId: UserID
    package let scheduledStartTime: Date
    /// Minutes.
    package let duration: Int
    package let meetingProvider: ProviderName
    /// The session's title.
    package let topic: String
    package let mentorCalendarSlotId: SlotID?
    package let counselorCalendarSlotId: SlotID?
    package let studentCalendarSlotId: SlotID?
    package let studentCalendarSlotIds: [SlotID]?

    static func type(of kind: SessionKind) -> String { "\(kind.topic).created" }
    package static var types: [String] { SessionKind.allCases.map(type(of:)) }
}

/// An operation on a session's meeting ended. `{kind}.session.meeting.operation.result`
package struct SessionMeetingResult: EventPayload {
    package enum Operation: String, Codable, Sendable { case create, update, cancel }
    package enum Status: String, Codable, Sendable { case success, failed }

    package let sessionId: SessionID
    package let operation: Operation
    package let status: Status
    package let meetingProvider: ProviderName
    package let meetingUrl: String?
    package let meetingNo: String?
    /// `nil` when it succeeded.
    package let failure: MeetingFailure?

    static func type(of kind: SessionKind) -> String { "\(kind.topic).meeting.operation.result" }
    package static var types: [String] { SessionKind.allCases.map(type(of:)) }
}

/// A session came into another state. `{kind}.session.{change}`
package struct SessionChanged: EventPayload {
    enum Change: String, CaseIterable { case retried, cancelled }

    package let sessionId: SessionID
    package let status: SessionStatus

    static func type(_ change: Change, of kind: SessionKind) -> String { "\(kind.topic).\(change)" }
    package static var types: [String] {
        SessionKind.allCases.flatMap { kind in Change.allCases.map { type($0, of: kind) } }
    }
}
