import Calendars
import Durable
import Foundation
import Postgres
import Registry

/// Gives back what a booking took, when it gets no meeting.
enum Release {
    static func statements(for session: ProvisionedSession, failure: SessionFailure, at now: Date) -> [SQL] {
        [
            SessionStore.fail(session.id, of: session.kind, failure: failure),
            Slots.cancel(session: session.id),
            Holds.release(session: session.id, reason: "meeting_failed"),
            Outbox.append(
                SessionEvents.result(of: .create, on: session, meeting: nil, failure: failure, at: now),
                of: session.organizationId),
        ]
    }
}
