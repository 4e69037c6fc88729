import Access
import Calendars
import Durable
import Foundation
import Meetings
import Postgres
import Provisioning
import Registry
import Values

/// Cancels a session: everybody's time and units are free at once; the meeting at the provider is taken away after.
struct CancelSession: Sendable {
    let database: Database
    let clock: any WallClock
    let provisioning: Wakeup

    /// - Throws: ``BookingError/wrongState(_:)`` when it is cancelled or completed already; ``BookingError/isOver`` when its
    ///   time has ended.
    func callAsFunction(_ session: SessionMeetingHost, as counselor: Actor) async throws {
        let now = clock.now
        do {
            try await database.acting(as: counselor).transaction { tx in
                guard let saga = try await MeetingSaga.cancel(for: session.id.uuid, at: now, in: tx) else {
                    throw BookingError.noSuchSession
                }
                var writes = SessionWrites()
                writes.saga = [saga]
                writes.session = [
                    SessionStore.cancel(session.id, of: session.kind, at: now),
                    MeetingStore.cancel(heldFor: session.id),
                ]
                writes.units = [Holds.release(session: session.id, reason: "cancelled")]
                writes.slots = [Slots.cancel(session: session.id)]
                writes.new = [Outbox.append(SessionEvents.cancelled(session, at: now))]
                try await tx.run(writes.inOrder)
            }
        } catch let error as PostgresError {
            switch error.refusal?.code {
            case SessionStore.wrongState: throw BookingError.wrongState(session.status)
            case SessionStore.isOver: throw BookingError.isOver
            default: throw error
            }
        }
        provisioning.signal()
    }
}
