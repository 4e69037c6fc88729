import Calendars
import Durable
import Foundation
import Postgres
import Registry

/// Gives back what a booking took, when it gets no meeting. The saga was written before, as ``SessionWrites`` has it.
enum Release {
    static func statements(for session: ProvisionedSession, failure: SessionFailure, at now: Date) -> [SQL] {
        var writes = SessionWrites()
        writes.session = [SessionStore.fail(session.id, of: session.kind, failure: failure)]
        writes.units = [Holds.release(session: session.id, reason: "meeting_failed")]
        writes.slots = [Slots.cancel(session: session.id)]
        writes.new = [
            Outbox.append(
                SessionEvents.result(of: .create, on: session, meeting: nil, failure: failure, at: now),
                of: session.organizationId)
        ]
        return writes.inOrder
    }
}
