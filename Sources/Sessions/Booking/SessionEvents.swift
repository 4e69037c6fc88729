import Access
import Durable
import Foundation
import Meetings
import Provisioning
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
            aggregate: session.uuid, type: SessionCreated.type(of: kind), occurredAt: now,
            payload: SessionCreated(
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
        of operation: SessionMeetingResult.Operation, on session: SessionMeetingHost, meeting: ProvisionedMeeting?,
        failure: MeetingFailure?,
        at now: Date
    ) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: SessionMeetingResult.type(of: session.kind), occurredAt: now,
            payload: SessionMeetingResult(
                sessionId: session.id, operation: operation, status: failure == nil ? .success : .failed,
                meetingProvider: session.meetingProvider, meetingUrl: meeting?.joinURL, meetingNo: meeting?.number,
                failure: failure),
            audience: session.audience)
    }

    static func retried(_ session: SessionMeetingHost, at now: Date) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: SessionChanged.type(.retried, of: session.kind), occurredAt: now,
            payload: SessionChanged(sessionId: session.id, status: .pendingMeeting), audience: session.audience)
    }

    static func cancelled(_ session: SessionMeetingHost, at now: Date) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: session.id.uuid, type: SessionChanged.type(.cancelled, of: session.kind), occurredAt: now,
            payload: SessionChanged(sessionId: session.id, status: .cancelled), audience: session.audience)
    }
}
