import Access
import Calendars
import Durable
import Foundation
import Identity
import Meetings
import Postgres
import Provisioning
import Registry
package import Values

/// Books a session and takes everybody's time for it, all in one transaction and one round trip. It has no meeting
/// yet: it stays `pending_meeting` until the ``Provisioner`` is done. Nothing outside the database is asked.
package struct BookSession: Sendable {
    let database: Database
    let availability: Availability
    let providers: MeetingProviders
    let clock: any WallClock
    /// Told after each booking, so that its meeting is begun at once.
    let provisioning: Wakeup

    package enum Outcome: Sendable, Equatable {
        case booked(BookedSession, answer: RememberedAnswer)
        /// The key's first request was answered so.
        case replayed(RememberedAnswer)
    }

    /// - Parameters:
    ///   - request: makes the booking happen once, however often it is sent.
    ///   - remember: the answer to it, which is kept beside the request.
    /// - Throws: ``BookingError``
    func callAsFunction(
        _ booking: Booking, once request: IdempotentRequest?,
        remember: @Sendable (BookedSession) throws -> RememberedAnswer, as counselor: Actor
    ) async throws -> Outcome {
        let now = clock.now
        let provider = try await provider(for: booking, as: counselor)
        guard let reconciliation = providers.reconciliation(at: provider) else {
            throw BookingError.providerUnavailable(provider)
        }
        let session = SessionID(at: now)
        let reservation = Reservation(
            session: session, kind: booking.kind, provider: booking.provider, students: booking.students,
            title: booking.title, time: booking.time, at: now)
        let booked = BookedSession(booking, id: session, provider: provider, at: now)

        let answer = try remember(booked)
        var statements: [SQL] = []
        if let request { statements.append(Idempotency.claim(request, answer: answer)) }
        if let account = providers.requireAccount(at: provider) { statements.append(account) }
        var writes = SessionWrites()
        reservation.add(to: &writes, at: now)
        writes.new = SessionStore.insert(booking, id: session, provider: provider, at: now)
        writes.new.append(
            MeetingSaga.begin(
                for: session.uuid, kind: SessionMeetingHost.kind, at: provider, reconciliation, now: now))
        writes.new.append(
            Outbox.append(
                SessionEvents.created(
                    booking, session: session, slots: reservation.participants.map(\.slot), provider: provider,
                    by: counselor.user,
                    at: now)))

        do {
            try await database.acting(as: counselor).atomically(statements + writes.inOrder)
        } catch let refusal as PostgresError {
            if let request, refusal.refusal?.code == Idempotency.replayed {
                return .replayed(try await firstAnswer(to: request, as: counselor))
            }
            if refusal.refusal?.code == MeetingProviders.noAccount { throw BookingError.providerUnavailable(provider) }
            throw try await reservation.explanation(of: refusal, availability: availability, as: counselor)
        }
        FailPoint.bookingCommitted.reach()
        provisioning.signal()
        return .booked(booked, answer: answer)
    }

    private func firstAnswer(to request: IdempotentRequest, as counselor: Actor) async throws -> RememberedAnswer {
        let found = try await database.acting(as: counselor)
            .row(Idempotency.answer(to: request), as: Idempotency.Found.self)
        // Forgotten since, after its day: nothing was done now, and the next try books.
        guard let found else { throw DatabaseFailure.unavailable }
        guard found.sameRequest else { throw BookingError.keyReused }
        return found.answer
    }

    private func provider(for booking: Booking, as counselor: Actor) async throws -> ProviderName {
        if let chosen = booking.meetingProvider { return chosen }
        return try await Organizations(database: database, clock: clock).current(as: counselor).defaultProvider
    }
}

extension BookedSession {
    init(_ booking: Booking, id: SessionID, provider: ProviderName, at now: Date) {
        let kind = booking.kind
        self.init(
            sessionId: id, kind: kind, status: .pendingMeeting,
            studentId: kind.hasRoster ? nil : booking.students.first,
            studentIds: kind.hasRoster ? booking.students : nil,
            mentorId: kind.providerRole == .mentor ? booking.provider : nil,
            counselorId: kind.providerRole == .counselor ? booking.provider : nil,
            title: booking.title, scheduledAt: booking.time.start, duration: booking.time.duration.wholeMinutes,
            meetingProvider: provider, createdAt: now)
    }
}
