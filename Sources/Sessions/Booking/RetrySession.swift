import Calendars
import Durable
import Foundation
import Identity
import Meetings
import Postgres
import Registry
import Values

/// Tries again to get a meeting for a session that failed to get one. Its time and units were given back when it
/// failed, so they are taken anew, and somebody else may have been faster.
struct RetrySession: Sendable {
    let database: Database
    let availability: Availability
    let providers: MeetingProviders
    let clock: any WallClock
    let provisioning: Wakeup

    /// - Throws: ``BookingError``
    func callAsFunction(_ session: ProvisionedSession, as counselor: Actor) async throws {
        guard let provider = providers[session.meetingProvider] else {
            throw BookingError.providerUnavailable(session.meetingProvider)
        }
        let now = clock.now
        guard session.time.start > now else { throw BookingError.timePassed }
        let kind = session.kind
        let seats =
            [Slots.Seat(slot: SlotID(at: now), user: session.providerUserId, role: kind.providerRole)]
            + session.studentUserIds.map { Slots.Seat(slot: SlotID(at: now), user: $0, role: .student) }
        let saga = Provisioning(
            provider: provider.name, reconciliation: provider.reconciliation, generation: session.generation + 1,
            at: now)

        var statements = [SessionStore.reopen(session.id, of: kind)]
        if kind.isBillable {
            statements.append(
                Holds.place(
                    Booking.units(for: session.time), of: kind.rawValue, for: session.studentUserIds.sorted(),
                    session: session.id, at: now))
        }
        statements.append(
            Slots.reserve(
                Slots.Occasion(session: session.id, kind: kind.rawValue, title: session.title, time: session.time),
                for: seats))
        statements.append(
            Sagas.restart(
                session.id.uuid, from: Provisioning.State.failed.rawValue, state: saga.state.rawValue, document: saga,
                at: now))
        statements.append(Outbox.append(SessionEvents.retried(session, at: now)))

        do {
            try await database.acting(as: counselor).atomically(statements)
        } catch let error as PostgresError {
            switch error.refusal?.code {
            case SessionStore.wrongState, Sagas.inOtherState: throw BookingError.wrongState(session.status)
            case Slots.notTaken, Holds.insufficient:
                let obstacles = try await availability.obstacles(for: seats, at: session.time, as: counselor)
                guard obstacles.strangers.isEmpty else { throw BookingError.strangers(obstacles.strangers) }
                if error.refusal?.code == Holds.insufficient { throw BookingError.notEnoughUnits }
                throw BookingError.timeTaken(conflicts: obstacles.conflicts, alternatives: obstacles.alternatives)
            default: throw error
            }
        }
        provisioning.signal()
    }
}
