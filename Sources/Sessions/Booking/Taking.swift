import Calendars
import Foundation
import Identity
import Postgres
import Registry
import Values

/// What a session takes when it is booked, and again when it is tried again: everybody's time, and units of the
/// students' contracts where its kind is billable.
struct Taking: Sendable {
    let kind: SessionKind
    let students: [UserID]
    /// The provider's first, then the students'.
    let seats: [Slots.Seat]
    let occasion: Slots.Occasion

    init(
        session: SessionID, kind: SessionKind, provider: UserID, students: [UserID], title: String, time: TimeRange,
        at now: Date
    ) {
        self.kind = kind
        self.students = students
        seats =
            [Slots.Seat(slot: SlotID(at: now), user: provider, role: kind.providerRole)]
            + students.map { Slots.Seat(slot: SlotID(at: now), user: $0, role: .student) }
        occasion = Slots.Occasion(session: session, kind: kind.rawValue, title: title, time: time)
    }

    func add(to writes: inout SessionWrites, at now: Date) {
        writes.members = [Slots.keepMembers(in: seats)]
        writes.slots = [Slots.reserve(occasion, for: seats)]
        guard kind.isBillable else { return }
        writes.units = [
            Holds.place(
                Self.units(for: occasion.time), of: kind.rawValue, for: students, session: occasion.session, at: now)
        ]
    }

    /// Why the statements were refused, in words for the counselor; `error` itself when that is not what happened.
    func explanation(
        of error: PostgresError, availability: Availability, as counselor: Actor
    ) async throws -> any Error {
        guard let code = error.refusal?.code, [Slots.notTaken, Holds.insufficient].contains(code) else { return error }
        let obstacles = try await availability.obstacles(for: seats, at: occasion.time, as: counselor)
        guard obstacles.strangers.isEmpty else { return BookingError.strangers(obstacles.strangers) }
        if code == Holds.insufficient { return BookingError.notEnoughUnits }
        return BookingError.timeTaken(conflicts: obstacles.conflicts, alternatives: obstacles.alternatives)
    }

    /// Hours, to the hundredth.
    private static func units(for time: TimeRange) -> Decimal {
        var hours = Decimal(time.duration.wholeMinutes) / 60
        var rounded = Decimal()
        NSDecimalRound(&rounded, &hours, 2, .plain)
        return rounded
    }
}
