package import Access
package import Foundation
package import Postgres
package import Values

/// Who is busy when, and when they could meet. Somebody who is in several organizations is busy in all of them, and
/// what is told of another is the time alone.
package struct Availability: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What stands in the way of taking a time: it names the time and not what somebody does then.
    package struct Conflict: Codable, Sendable, Hashable {
        package let userId: UserID
        package let start: Date
        package let end: Date
    }

    package struct Slot: Codable, Sendable, Hashable {
        package let start: Date
        package let end: Date
    }

    package struct FreeSlots: Codable, Sendable {
        /// Times at which everybody is free.
        package let items: [Slot]
        package let busy: [Conflict]
        /// The zone on whose clock the day begins and ends: the first person's.
        package let timeZone: String
    }

    /// Why participants could not be taken.
    package struct BookingConflicts: Sendable, Hashable {
        /// Not in the organization, or not in that role.
        package let strangers: [UserID]
        package let conflicts: [Conflict]
        /// The three nearest times at which everybody is free.
        package let alternatives: [Slot]
    }

    /// Nobody of this organization. Of them nothing is known, and least of all that they are free.
    package struct UnknownParticipants: Error {
        package let people: [UserID]
    }

    /// Free times of `people` together that start in `window`, on the first one's clock, none in the past.
    /// - Throws: ``UnknownParticipants``
    package func free(
        for people: [UserID], within window: TimeRange, duration: Duration, as actor: Actor
    ) async throws -> FreeSlots {
        let strangers = try await strangers(among: people, as: actor)
        guard strangers.isEmpty else { throw UnknownParticipants(people: strangers) }
        let busy = try await busy(
            people, within: TimeRange(start: window.start, end: window.end.advanced(by: duration)), as: actor)
        let timeZone = try await timeZone(of: people.first, as: actor)
        let start = max(window.start, clock.now)
        let times = FreeTimes(busy: busy.map(\.range), duration: duration, timeZone: timeZone)
        return FreeSlots(
            items: start < window.end
                ? times.within(TimeRange(start: start, end: window.end)).map(Slot.init) : [],
            busy: busy, timeZone: timeZone.identifier)
    }

    /// What keeps `participants` from being taken at `time`, and when everybody could meet instead.
    package func conflicts(for participants: [Slots.Participant], at time: TimeRange, as actor: Actor) async throws
        -> BookingConflicts
    {
        let members = try await database.acting(as: actor).rows(
            """
            SELECT participant.user_id FROM unnest(\(participants.map(\.user))::uuid[], \(participants.map(\.role))::text[]) AS participant (user_id, role)
            JOIN memberships m ON m.organization_id = app_org_id() AND m.user_id = participant.user_id
                AND m.role = participant.role AND m.left_at IS NULL
            """, as: UserID.self)
        let people = participants.map(\.user)
        let fortnight = Duration.hours(14 * 24)
        let around = TimeRange(
            start: time.start.advanced(by: .zero - fortnight), end: time.end.advanced(by: fortnight))
        let busy = try await busy(people.filter(members.contains), within: around, as: actor)
        let times = FreeTimes(
            busy: busy.map(\.range), duration: time.duration, timeZone: try await timeZone(of: people.first, as: actor))
        return BookingConflicts(
            strangers: people.filter { !members.contains($0) },
            conflicts: busy.filter { $0.range.overlaps(time) },
            alternatives: times.nearest(to: time.start, notBefore: clock.now).map(Slot.init))
    }

    private func strangers(among people: [UserID], as actor: Actor) async throws -> [UserID] {
        try await database.acting(as: actor).rows(
            """
            SELECT person FROM unnest(\(people)::uuid[]) AS person
            WHERE NOT EXISTS (SELECT FROM memberships m
                              WHERE m.organization_id = app_org_id() AND m.user_id = person AND m.left_at IS NULL)
            """, as: UserID.self)
    }

    private func busy(_ people: [UserID], within window: TimeRange, as actor: Actor) async throws -> [Conflict] {
        try await database.acting(as: actor).rows(
            """
            SELECT user_id, start, "end" FROM busy_times(\(people)::uuid[], \(window)::tstzrange)
            ORDER BY start, user_id
            """)
    }

    private func timeZone(of person: UserID?, as actor: Actor) async throws -> TimeZone {
        let identifier = try await database.acting(as: actor).row(
            "SELECT time_zone FROM users WHERE id = \(person)", as: String.self)
        return identifier.flatMap(TimeZone.init(identifier:)) ?? .gmt
    }
}

extension Availability.Conflict {
    fileprivate var range: TimeRange { TimeRange(start: start, end: end) }
}

extension Availability.Slot {
    fileprivate init(_ range: TimeRange) {
        self.init(start: range.start, end: range.end)
    }
}
