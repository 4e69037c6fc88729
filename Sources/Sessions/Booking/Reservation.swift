import Access
import Calendars
import Foundation
import Postgres
import Registry
import Values

/// What a session takes when it is booked, and again when it is tried again: everybody's time, and units of the
/// students' contracts where its kind is billable.
struct Reservation: Sendable {
    let kind: SessionKind
    let students: [UserID]
    /// The provider's first, then the students'.
    let participants: [Slots.Participant]
    let purpose: Slots.SlotPurpose

    init(
        session: SessionID, kind: SessionKind, provider: UserID, students: [UserID], title: String, time: TimeRange,
        at now: Date
    ) {
        self.kind = kind
        self.students = students
        participants =
            [Slots.Participant(slot: SlotID(at: now), user: provider, role: kind.providerRole)]
            + students.map { Slots.Participant(slot: SlotID(at: now), user: $0, role: .student) }
        purpose = Slots.SlotPurpose(session: session, kind: kind.rawValue, title: title, time: time)
    }

    func add(to writes: inout SessionWrites, at now: Date) {
        writes.members = [Slots.keepMembers(in: participants)]
        writes.slots = [Slots.reserve(purpose, for: participants)]
        guard kind.isBillable else { return }
        writes.units = [
            Holds.place(
                Self.units(for: purpose.time), of: kind.rawValue, for: students, session: purpose.session, at: now)
        ]
    }

    /// Why the statements were refused, in words for the counselor; `error` itself when that is not what happened.
    func explanation(
        of error: PostgresError, availability: Availability, as counselor: Actor
    ) async throws -> any Error {
        guard let code = error.refusal?.code, [Slots.notTaken, Holds.insufficient].contains(code) else { return error }
        let conflicts = try await availability.conflicts(for: participants, at: purpose.time, as: counselor)
        guard conflicts.strangers.isEmpty else { return BookingError.strangers(conflicts.strangers) }
        if code == Holds.insufficient { return BookingError.notEnoughUnits }
        return BookingError.timeTaken(conflicts: conflicts.conflicts, alternatives: conflicts.alternatives)
    }

    /// Hours, to the hundredth.
    private static func units(for time: TimeRange) -> Decimal {
        var hours = Decimal(time.duration.wholeMinutes) / 60
        var rounded = Decimal()
        NSDecimalRound(&rounded, &hours, 2, .plain)
        return rounded
    }
}
