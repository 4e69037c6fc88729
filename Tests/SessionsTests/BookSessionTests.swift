import Access
import Calendars
import Durable
import Foundation
import Meetings
import Postgres
import Secrets
import Testing
import TestSupport
import Values

@testable import Sessions

@Suite struct BookSessionTests {
    @Test(arguments: SessionKind.allCases) func `a booked session gets its meeting`(kind: SessionKind) async throws {
        try await Convene.run { convene in
            let id = try await convene.book(convene.booking(kind))
            let pending = try await convene.session(id)
            #expect(pending.kind == kind && pending.status == .pendingMeeting && pending.meetingUrl == nil)
            #expect(try await convene.held(kind) == (kind.isBillable ? 1.5 : 0))

            await convene.work()

            let scheduled = try await convene.session(id)
            let meeting = try #require(await convene.provider.references.first)
            #expect(scheduled.status == .scheduled && scheduled.meetingNo == meeting.id)
            #expect(
                try await convene.events(of: id) == ["session.created", "session.meeting.operation.result success"])
            #expect(await convene.provider.creates == 1)
        }
    }

    @Test func `a time that is taken is refused with the next times that are free`() async throws {
        try await Convene.run { convene in
            let taken = convene.booking(in: 24)
            try await convene.book(taken)

            let error = await #expect(throws: BookingError.self) {
                try await convene.book(convene.booking(.gapAnalysis, in: 25, for: [convene.ben]))
            }

            guard case .timeTaken(let conflicts, let alternatives) = error else { throw Convene.Unexpected() }
            #expect(conflicts.map(\.userId) == [convene.mentor])
            #expect(conflicts.first?.start == taken.time.start && conflicts.first?.end == taken.time.end)
            #expect(
                alternatives.count == 3
                    && alternatives.allSatisfy { $0.end <= taken.time.start || $0.start >= taken.time.end })
            #expect(try await convene.booked(convene.ben) == 0)
            #expect(try await convene.held(.gapAnalysis) == 0)
        }
    }

    @Test func `a session that ends when another one begins is no conflict`() async throws {
        try await Convene.run { convene in
            try await convene.book(convene.booking(in: 24, duration: .hours(1)))
            try await convene.book(convene.booking(in: 25, duration: .hours(1)))
            #expect(try await convene.booked(convene.mentor) == 2)
        }
    }

    @Test func `nobody can take more units than the contract has`() async throws {
        try await Convene.run { convene in
            for day in 1...3 { try await convene.book(convene.booking(in: 24 * day, duration: .hours(3))) }

            await #expect(throws: BookingError.notEnoughUnits) {
                try await convene.book(convene.booking(in: 24 * 4, duration: .minutes(61)))
            }

            try await convene.book(convene.booking(in: 24 * 4, duration: .hours(1)))
            #expect(try await convene.held() == 10)
        }
    }

    @Test func `where no units are billed, everybody is booked and nothing is held`() async throws {
        try await Convene.run { convene in
            try await convene.database.owner.run("UPDATE organizations SET billed_from = NULL")
            for day in 1...4 { try await convene.book(convene.booking(in: 24 * day, duration: .hours(3))) }
            #expect(try await convene.held() == 0)

            convene.clock.advance(by: .minutes(1))
            try await convene.database.owner.run("UPDATE organizations SET billed_from = \(convene.clock.now)")

            try await convene.book(convene.booking(in: 24 * 5, duration: .hours(3)))
            #expect(try await convene.held() == 3)
        }
    }

    @Test func `people who are not there in that role are named`() async throws {
        try await Convene.run { convene in
            let stranger = UserID(at: convene.clock.now)
            await #expect(throws: BookingError.strangers([stranger])) {
                try await convene.book(convene.booking(for: [stranger]))
            }
            await #expect(throws: BookingError.strangers([convene.ben])) {
                try await convene.book(convene.booking(by: convene.ben))
            }
            let booked = try await convene.booked(convene.mentor, convene.ada, convene.ben)
            #expect(booked == 0)
        }
    }

    @Test func `one key books once, however often and however fast it is sent`() async throws {
        try await Convene.run { convene in
            let booking = convene.booking()

            let booked = try await withThrowingTaskGroup(of: SessionID?.self) { group in
                for _ in 1...20 {
                    group.addTask {
                        do {
                            return try await convene.book(booking, key: "k")
                        } catch DatabaseFailure.unavailable {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [SessionID]()) { $0 += $1.map { [$0] } ?? [] }
            }

            let kept = try await convene.kept(under: "k")
            #expect(booked.count == 1 && kept?.isSameRequest == true)
            #expect(
                try kept?.response(openedWith: SecretBox(KeyRing(.random())), for: convene.counselor.user).body
                    == booked.first?.description)
            #expect(try await convene.booked(convene.mentor) == 1)
        }
    }

    @Test func `a key is not for two different requests`() async throws {
        try await Convene.run { convene in
            try await convene.book(convene.booking(), key: "k", body: "one")
            await #expect(throws: DatabaseFailure.unavailable) {
                try await convene.book(convene.booking(in: 48), key: "k", body: "two")
            }
            #expect(try await convene.kept(under: "k", body: "two")?.isSameRequest == false)
            #expect(try await convene.booked(convene.mentor) == 1)
        }
    }

    @Test func `of many who want one time at once, one gets it`() async throws {
        try await Convene.run { convene in
            let booked = try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        let booking = convene.booking(for: [number % 2 == 0 ? convene.ada : convene.ben])
                        do {
                            try await convene.book(booking)
                            return 1
                        } catch BookingError.timeTaken {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(booked == 1)
        }
    }

    @Test func `a counselor whose membership has ended books nothing`() async throws {
        try await Convene.run { convene in
            try await convene.database.owner.run(
                "UPDATE memberships SET left_at = now() WHERE user_id = \(convene.counselor.user)")
            await #expect(throws: AccessError.notAMember) { try await convene.book(convene.booking()) }
        }
    }
}
