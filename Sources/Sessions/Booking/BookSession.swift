import Calendars
import Durable
import Foundation
import Identity
import Meetings
import Postgres
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
        let session = SessionID(at: now)
        let seats = Self.seats(of: booking, at: now)
        let booked = BookedSession(booking, id: session, provider: provider.name, at: now)
        let saga = Provisioning(
            provider: provider.name, reconciliation: provider.reconciliation, generation: 1, at: now)

        let answer = try remember(booked)
        var statements: [SQL] = []
        if let request { statements.append(Idempotency.claim(request, answer: answer)) }
        if booking.kind.isBillable {
            statements.append(
                Holds.place(
                    booking.units, of: booking.kind.rawValue, for: booking.students.sorted(), session: session, at: now)
            )
        }
        statements.append(Slots.reserve(Self.occasion(of: booking, session: session), for: seats))
        statements += SessionStore.insert(booking, id: session, provider: provider.name, at: now)
        statements.append(
            Sagas.start(
                session.uuid, kind: Provisioner.sagaKind, state: saga.state.rawValue, document: saga, at: now))
        statements.append(
            Outbox.append(
                SessionEvents.created(
                    booking, session: session, slots: seats.map(\.slot), provider: provider.name, by: counselor.user,
                    at: now)))

        do {
            try await database.acting(as: counselor).atomically(statements)
        } catch let refusal as PostgresError {
            return try await explain(refusal, booking: booking, seats: seats, request: request, as: counselor)
        }
        FailPoint.bookingCommitted.reach()
        provisioning.signal()
        return .booked(booked, answer: answer)
    }

    private func explain(
        _ error: PostgresError, booking: Booking, seats: [Slots.Seat], request: IdempotentRequest?, as counselor: Actor
    ) async throws -> Outcome {
        switch error.refusal?.code {
        case Idempotency.replayed:
            guard let request,
                let found = try await database.acting(as: counselor)
                    .row(Idempotency.answer(to: request), as: Idempotency.Found.self)
            else { throw error }
            guard found.sameRequest else { throw BookingError.keyReused }
            return .replayed(found.answer)
        case Slots.notTaken, Holds.insufficient:
            let obstacles = try await availability.obstacles(for: seats, at: booking.time, as: counselor)
            guard obstacles.strangers.isEmpty else { throw BookingError.strangers(obstacles.strangers) }
            if error.refusal?.code == Holds.insufficient { throw BookingError.notEnoughUnits }
            throw BookingError.timeTaken(conflicts: obstacles.conflicts, alternatives: obstacles.alternatives)
        default: throw error
        }
    }

    private func provider(for booking: Booking, as counselor: Actor) async throws -> any MeetingProvider {
        let name: ProviderName
        if let chosen = booking.meetingProvider {
            name = chosen
        } else {
            name = try await Members(database: database).organization(as: counselor).defaultProvider
        }
        guard let provider = providers[name] else { throw BookingError.providerUnavailable(name) }
        return provider
    }

    /// The provider first, then the students.
    static func seats(of booking: Booking, at now: Date) -> [Slots.Seat] {
        [Slots.Seat(slot: SlotID(at: now), user: booking.provider, role: booking.kind.providerRole)]
            + booking.students.map { Slots.Seat(slot: SlotID(at: now), user: $0, role: .student) }
    }

    static func occasion(of booking: Booking, session: SessionID) -> Slots.Occasion {
        Slots.Occasion(
            session: session, kind: booking.kind.rawValue, title: booking.title, time: booking.time)
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
