import Access
import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Calendars
@testable import Sessions

/// What is asked of a stretch of time, and what others take of it.
@Suite struct TimesTests {
    @Test func `a list of a time holds whatever overlaps it, and nothing that only touches it`() async throws {
        try await Convene.run { convene in
            let id = try await convene.book(convene.booking(duration: .minutes(120)))
            let start = try await convene.session(id).scheduledAt
            func isListed(_ from: Int?, _ to: Int?) async throws -> Bool {
                var filter = SessionFilter()
                filter.from = from.map { start.advanced(by: .minutes($0)) }
                filter.to = to.map { start.advanced(by: .minutes($0)) }
                return try await convene.service.sessions(filter, after: nil, limit: 10, as: convene.counselor)
                    .items.map(\.sessionId) == [id]
            }

            for (from, to) in [(-60, 1), (-60, 200), (0, 120), (30, 60), (119, 200), (119, nil), (nil, 1)] {
                #expect(try await isListed(from, to), "\(from as Any) to \(to as Any)")
            }
            for (from, to) in [(-60, 0), (120, 200), (120, nil), (nil, 0)] as [(Int?, Int?)] {
                #expect(try await !isListed(from, to), "\(from as Any) to \(to as Any)")
            }
        }
    }

    @Test func `a time that somebody has given to another organization is offered to nobody`() async throws {
        try await Convene.run { convene in
            let booking = convene.booking()
            try await convene.takeElsewhere(booking.time, of: convene.mentor)
            let availability = Availability(database: convene.database.app, clock: convene.clock)
            let day = TimeRange(
                start: booking.time.start.advanced(by: .hours(-12)), end: booking.time.start.advanced(by: .hours(12)))

            let free = try await availability.free(
                for: [convene.mentor, convene.ada], within: day, duration: booking.time.duration, as: convene.counselor)
            let refusal = await #expect(throws: BookingError.self) { try await convene.book(booking) }

            let taken = Availability.Conflict(
                userId: convene.mentor, start: booking.time.start, end: booking.time.end)
            #expect(free.busy == [taken])
            #expect(free.items.allSatisfy { $0.end <= taken.start || $0.start >= taken.end } && !free.items.isEmpty)
            guard case .timeTaken(let conflicts, let alternatives) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(conflicts == [taken])
            #expect(alternatives.count == 3)
            for slot in alternatives { #expect(slot.end <= taken.start || slot.start >= taken.end) }
        }
    }

    @Test func `when strangers are busy is told to nobody`() async throws {
        try await Convene.run { convene in
            let booking = convene.booking()
            let stranger = try await convene.takeElsewhere(booking.time, of: nil)
            try await convene.takeElsewhere(booking.time, of: convene.ben)
            try await convene.database.owner.run(
                """
                UPDATE memberships SET left_at = now()
                WHERE organization_id = \(convene.organization) AND user_id = \(convene.ben)
                """)

            let seen: [UserID] = try await convene.database.app.acting(as: convene.counselor).rows(
                """
                SELECT user_id FROM busy_times(
                    \([stranger, convene.ben, convene.mentor])::uuid[], \(booking.time)::tstzrange)
                """)

            #expect(seen == [])
        }
    }
}

extension Convene {
    /// Somebody's time in an organization that nobody here knows of.
    /// - Parameter person: `nil`: somebody who is only there.
    @discardableResult
    fileprivate func takeElsewhere(_ time: TimeRange, of person: UserID?) async throws -> UserID {
        let elsewhere = OrganizationID(at: clock.now)
        let user = person ?? UserID(at: clock.now)
        try await database.owner.atomically([
            "INSERT INTO organizations (id, slug, name) VALUES (\(elsewhere), 'e-' || \(elsewhere)::uuid, 'Elsewhere')",
            """
            INSERT INTO users (id, email, name) VALUES (\(user), \(user)::uuid || '@else.test', 'Somebody')
            ON CONFLICT DO NOTHING
            """,
            "INSERT INTO memberships (organization_id, user_id, role) VALUES (\(elsewhere), \(user), 'mentor')",
            """
            INSERT INTO calendar_slots (id, organization_id, user_id, user_type, session_id, session_type, title,
                scheduled_start_time, time_range, duration_minutes)
            VALUES (gen_random_uuid(), \(elsewhere), \(user), 'mentor', gen_random_uuid(), 'external', 'A secret',
                \(time.start), \(time)::tstzrange, \(time.duration.wholeMinutes))
            """,
        ])
        return user
    }
}
