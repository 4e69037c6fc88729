import Access
import Calendars
import Durable
import Foundation
import Meetings
import Postgres
import Registry
import Values

/// Cancels a session: everybody's time and units are free at once; the meeting at the provider is taken away after.
struct CancelSession: Sendable {
    let database: Database
    let clock: any WallClock
    let provisioning: Wakeup

    /// - Throws: ``BookingError/wrongState(_:)`` when it is cancelled or completed already; ``BookingError/isOver`` when its
    ///   time has ended.
    func callAsFunction(_ session: ProvisionedSession, as counselor: Actor) async throws {
        let now = clock.now
        do {
            try await database.acting(as: counselor).transaction { tx in
                // Whoever holds the saga loses it by this: its next write finds another fence.
                guard
                    let document = try await tx.row(Sagas.seize(session.id.uuid), as: String.self),
                    var saga = try? JSONDecoder.convene.decode(Provisioning.self, from: Data(document.utf8))
                else { throw BookingError.noSuchSession }
                _ = saga.apply(.cancelAsked, at: now, call: CallID(at: now), jitter: 0)
                var writes = SessionWrites()
                writes.saga = [Sagas.resume(session.id.uuid, state: saga.state.rawValue, document: saga, at: now)]
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
