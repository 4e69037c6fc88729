import Access
import Calendars
import Durable
import Foundation
import Meetings
import Postgres
import Provisioning
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
    func callAsFunction(_ session: SessionMeetingHost, as counselor: Actor) async throws {
        let provider = session.meetingProvider
        guard let reconciliation = providers.reconciliation(at: provider) else {
            throw BookingError.providerUnavailable(provider)
        }
        let now = clock.now
        guard session.time.start > now else { throw BookingError.timePassed }
        let reservation = Reservation(
            session: session.id, kind: session.kind, provider: session.providerUserId, students: session.studentUserIds,
            title: session.title, time: session.time, at: now)

        do {
            let account = providers.requireAccount(at: provider).map { [$0] } ?? []
            var writes = SessionWrites()
            writes.saga = [
                MeetingSaga.beginAgain(
                    for: session.id.uuid, at: provider, reconciliation, generation: session.generation + 1, now: now)
            ]
            writes.session = [SessionStore.reopen(session.id, of: session.kind)]
            reservation.add(to: &writes, at: now)
            writes.new = [Outbox.append(SessionEvents.retried(session, at: now))]
            try await database.acting(as: counselor).atomically(account + writes.inOrder)
        } catch let error as PostgresError {
            if [SessionStore.wrongState, Sagas.inOtherState].contains(error.refusal?.code) {
                throw BookingError.wrongState(session.status)
            }
            if error.refusal?.code == MeetingProviders.noAccount { throw BookingError.providerUnavailable(provider) }
            throw try await reservation.explanation(of: error, availability: availability, as: counselor)
        }
        provisioning.signal()
    }
}
