import Durable
import Foundation
import Meetings
import Values

/// What the feed is told about sessions.
enum SessionEvents {
    static func created(
        _ booking: Booking, session: SessionID, slots: [SlotID], provider: ProviderName, by counselor: UserID,
        at now: Date
    ) -> IntegrationEvent {
        let kind = booking.kind
        let byMentor = kind.providerRole == .mentor
        return IntegrationEvent(
            aggregate: session.uuid, type: "\(kind.topic).created", occurredAt: now,
            payload: Created(
                sessionId: session,
                studentId: kind.hasRoster ? nil : booking.students.first,
                studentIds: kind.hasRoster ? booking.students : nil,
                mentorId: byMentor ? booking.provider : nil,
                counselorId: byMentor ? counselor : booking.provider,
                scheduledStartTime: booking.time.start,
                duration: booking.time.duration.wholeMinutes,
                meetingProvider: provider,
                topic: booking.title,
                mentorCalendarSlotId: byMentor ? slots.first : nil,
                counselorCalendarSlotId: byMentor ? nil : slots.first,
                studentCalendarSlotId: kind.hasRoster ? nil : slots.dropFirst().first,
                studentCalendarSlotIds: kind.hasRoster ? Array(slots.dropFirst()) : nil),
            audience: [booking.provider, counselor] + booking.students)
    }

    /// Tells how an operation on the session's meeting ended; `failure` is `nil` when it succeeded.
    static func result(
        of operation: Operation, on session: ProvisionedSession, meeting: ProvisionedMeeting?, failure: SessionFailure?,
        at now: Date
    ) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: "\(session.kind.topic).meeting.operation.result", occurredAt: now,
            payload: Result(
                sessionId: session.id, operation: operation, status: failure == nil ? "success" : "failed",
                meetingProvider: session.meetingProvider, meetingUrl: meeting?.joinURL, meetingNo: meeting?.number,
                failure: failure),
            audience: session.audience)
    }

    static func retried(_ session: ProvisionedSession, at now: Date) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: "\(session.kind.topic).retried", occurredAt: now,
            payload: Changed(sessionId: session.id, status: .pendingMeeting), audience: session.audience)
    }

    static func cancelled(_ session: ProvisionedSession, at now: Date) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: "\(session.kind.topic).cancelled", occurredAt: now,
            payload: Changed(sessionId: session.id, status: .cancelled), audience: session.audience)
    }

    enum Operation: String, Encodable { case create, update, cancel }

    private struct Created: Encodable {
        let sessionId: SessionID
        let studentId: UserID?
        let studentIds: [UserID]?
        let mentorId: UserID?
        let counselorId: UserID
        let scheduledStartTime: Date
        let duration: Int
        let meetingProvider: ProviderName
        let topic: String
        let mentorCalendarSlotId: SlotID?
        let counselorCalendarSlotId: SlotID?
        let studentCalendarSlotId: SlotID?
        let studentCalendarSlotIds: [SlotID]?
    }

    private struct Changed: Encodable {
        let sessionId: SessionID
        let status: SessionStatus
    }

    private struct Result: Encodable {
        let sessionId: SessionID
        let operation: Operation
        let status: String
        let meetingProvider: ProviderName
        let meetingUrl: String?
        let meetingNo: String?
        let failure: SessionFailure?
    }
}
