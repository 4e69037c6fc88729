import Calendars
import Foundation
import Meetings
import Postgres
import Provisioning
import Testing
import TestSupport
import Values

@testable import Sessions

@Suite struct ProvisionerTests {
    @Test func `no transaction is open while a provider is asked`() async throws {
        try await Convene.run { convene in
            let open = Open()
            await convene.provider.meanwhile {
                await open.note(
                    try await convene.database.owner.rows(
                        """
                        SELECT state || ': ' || query FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                        """))
            }
            let id = try await convene.book(convene.booking())

            await convene.work()

            #expect(await open.transactions == [])
            #expect(try await convene.session(id).status == .scheduled)
        }
    }

    @Test func `a refusal gives time and units back and says why`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.refuse)
            let id = try await convene.book(convene.booking())

            await convene.work()

            let session = try await convene.session(id)
            #expect(session.status == .meetingFailed && session.failure?.code == "not_allowed")
            #expect(try await convene.booked(convene.mentor, convene.ada) == 0)
            #expect(try await convene.held() == 0)
            #expect(try await convene.events(of: id) == ["session.created", "session.meeting.operation.result failed"])
        }
    }

    @Test func `a session that failed can be tried again`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.refuse)
            let id = try await convene.book(convene.booking())
            await #expect(throws: BookingError.wrongState(.pendingMeeting)) {
                try await convene.service.retry(id, as: convene.counselor)
            }
            await convene.work()

            #expect(try await convene.service.retry(id, as: convene.counselor).status == .pendingMeeting)
            await convene.work()

            #expect(try await convene.session(id).status == .scheduled)
            #expect(try await convene.held() == 1.5)
            #expect(await convene.provider.meetings.values.sorted() == ["cv:test:\(id):2"])
        }
    }

    @Test func `a session whose time has passed is not tried again`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.refuse)
            let id = try await convene.book(convene.booking(in: 1))
            await convene.work()

            await convene.work(after: .hours(2))

            await #expect(throws: BookingError.timePassed) {
                try await convene.service.retry(id, as: convene.counselor)
            }
        }
    }

    @Test func `a session whose time was taken meanwhile cannot be tried again`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.refuse)
            let id = try await convene.book(convene.booking())
            await convene.work()
            try await convene.book(convene.booking(.aiCareer, for: [convene.ben]))

            let error = await #expect(throws: BookingError.self) {
                try await convene.service.retry(id, as: convene.counselor)
            }

            guard case .timeTaken(let conflicts, _) = error else { throw Convene.Unexpected() }
            #expect(conflicts.map(\.userId) == [convene.mentor])
            #expect(try await convene.session(id).status == .meetingFailed)
            await convene.work()
        }
    }

    @Test func `a provider that is busy is asked again when it said`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.later(.seconds(40)))
            let id = try await convene.book(convene.booking())
            await convene.work()
            await convene.work(after: .seconds(39))
            #expect(await convene.provider.creates == 1)

            await convene.work(after: .seconds(12))

            #expect(try await convene.session(id).status == .scheduled)
            #expect(try await convene.calls(of: id) == ["create rejected", "create succeeded"])
        }
    }

    @Test func `nobody waits for longer than a quarter of an hour`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.later(.hours(3)))
            let id = try await convene.book(convene.booking())
            await convene.work()

            await convene.work(after: .minutes(15))

            #expect(try await convene.session(id).failure?.code == "provider_timeout")
            #expect(try await convene.booked(convene.mentor) == 0)
        }
    }

    @Test func `a meeting whose answer was lost is found and not made twice`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.lose(made: true))
            let id = try await convene.book(convene.booking())
            await convene.work()
            #expect(try await convene.session(id).status == .pendingMeeting)

            await convene.work(after: .seconds(7))

            let meeting = try #require(await convene.provider.references.first)
            #expect(try await convene.session(id).meetingNo == meeting.id)
            try await convene.lookAgain()
            #expect(await convene.provider.creates == 1)
            #expect(await convene.provider.references == [meeting])
            #expect(try await convene.calls(of: id) == ["create reconciled", "find succeeded"])
        }
    }

    @Test func `what is not there at two looks is made again, and what lands later is taken away`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.lose(made: false))
            let id = try await convene.book(convene.booking())
            await convene.work()
            await convene.work(after: .seconds(7))
            #expect(await convene.provider.creates == 1)
            await convene.work(after: .seconds(32))
            #expect(await convene.provider.creates == 2)
            let kept = await convene.provider.references
            #expect(try await convene.session(id).meetingNo == kept.first?.id)

            for _ in 1...2 { await convene.provider.land("cv:test:\(id):1") }
            try await convene.lookAgain()

            #expect(await convene.provider.references == kept)
        }
    }

    @Test func `a stray that cannot be taken away within a day is somebody's case`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.lose(made: false))
            let id = try await convene.book(convene.booking())
            for _ in 1...3 { await convene.work(after: .seconds(32)) }
            await convene.provider.land("cv:test:\(id):1")
            await convene.provider.willRefuseCancels(100)

            try await convene.lookAgain()

            #expect(try await convene.session(id).status == .scheduled)
            #expect(await convene.provider.meetings.count == 2)
            #expect(try await convene.cases() == ["stray_left"])
        }
    }

    @Test func `a blind provider is never asked twice`() async throws {
        try await Convene.run(at: .blind) { convene in
            await convene.provider.willAnswer(.lose(made: true))
            let id = try await convene.book(convene.booking())

            await convene.work()
            await convene.work(after: .hours(1))

            let session = try await convene.session(id)
            #expect(session.failure?.code == "provider_answer_lost")
            #expect(session.failure?.requiresManualIntervention == true)
            #expect(await convene.provider.creates == 1)
            #expect(try await convene.cases() == ["answer_lost"])
        }
    }

    @Test func `the answer of a worker that lost its claim is kept, and its meeting is the one`() async throws {
        try await Convene.run { convene in
            await convene.provider.meanwhile {
                try await convene.loseLeases()
                await convene.work()
            }
            let id = try await convene.book(convene.booking())
            await convene.work()
            #expect(try await convene.calls(of: id) == ["create succeeded"])
            #expect(try await convene.session(id).status == .pendingMeeting)

            await convene.work(after: .seconds(7))
            try await convene.lookAgain()

            let meetings = await convene.provider.references
            #expect(meetings.count == 1)
            #expect(try await convene.session(id).meetingNo == meetings.first?.id)
        }
    }

    @Test func `the late answer of a blind provider is taken away`() async throws {
        try await Convene.run(at: .blind) { convene in
            await convene.provider.meanwhile {
                try await convene.loseLeases()
                await convene.work()
            }
            let id = try await convene.book(convene.booking())
            await convene.work()
            #expect(try await convene.session(id).status == .meetingFailed)
            #expect(await convene.provider.meetings.count == 1)

            try await convene.lookAgain()

            #expect(await convene.provider.meetings.isEmpty)
            #expect(try await convene.cases() == ["answer_lost"])
        }
    }

    @Test func `a meeting that is in the database already is left alone, for somebody to look at`() async throws {
        try await Convene.run { convene in
            let first = try await convene.book(convene.booking())
            await convene.work()
            let meeting = try #require(await convene.provider.references.first)
            // As if the provider gave the next session at that time the same number.
            let second = try await convene.book(convene.booking(.commSession, for: [convene.ben]))
            try await convene.database.owner.run(
                """
                UPDATE meetings SET meeting_no = \("\(900_002)") WHERE meeting_id = \(meeting.id)
                """)

            await convene.work()

            #expect(try await convene.session(first).status == .scheduled)
            #expect(try await convene.session(second).failure?.code == "meeting_not_recorded")
            #expect(await convene.provider.cancels == 0)
            #expect(try await convene.cases() == ["meeting_not_recorded"])
        }
    }

    private actor Open {
        private(set) var transactions: [String] = []
        func note(_ found: [String]) { transactions += found }
    }
}

extension Convene {
    /// As if every worker had slept for a minute.
    func loseLeases() async throws {
        try await database.owner.run("UPDATE sagas SET lease_until = now() - interval '1 second'")
    }
}
