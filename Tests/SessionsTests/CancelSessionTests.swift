import Foundation
import Meetings
import Postgres
import Provisioning
import Testing
import TestSupport
import Values

@testable import Sessions

@Suite struct CancelSessionTests {
    enum Stage: CaseIterable { case booked, waiting, reconciling, scheduled, failed }

    @Test(arguments: Stage.allCases) func `a session can be cancelled at any stage`(_ stage: Stage) async throws {
        try await Convene.run { convene in
            let id = try await convene.session(at: stage)

            let cancelled = try await convene.service.cancel(id, as: convene.counselor)

            #expect(cancelled.status == .cancelled)
            #expect(try await convene.booked(convene.mentor, convene.ada) == 0)
            #expect(try await convene.held() == 0)
            await convene.work()
            try await convene.lookAgain()
            #expect(await convene.provider.meetings.isEmpty)
            #expect(try await convene.events(of: id).last == "session.cancelled cancelled")
            await #expect(throws: BookingError.wrongState(.cancelled)) {
                try await convene.service.cancel(id, as: convene.counselor)
            }
            await #expect(throws: BookingError.wrongState(.cancelled)) {
                try await convene.service.retry(id, as: convene.counselor)
            }
        }
    }

    @Test(arguments: [Stage.booked, .scheduled, .failed])
    func `a session that is over cannot be cancelled, and one that has begun can`(_ stage: Stage) async throws {
        try await Convene.run { convene in
            let id = try await convene.session(at: stage)
            let before = try await convene.session(id).status

            // An hour and a half long.
            try await convene.move(id, toMinutesAgo: 91)
            await #expect(throws: BookingError.isOver) { try await convene.service.cancel(id, as: convene.counselor) }
            #expect(try await convene.session(id).status == before)
            #expect(try await convene.held() == (stage == .failed ? 0 : 1.5))

            try await convene.move(id, toMinutesAgo: 80)
            #expect(try await convene.service.cancel(id, as: convene.counselor).status == .cancelled)
        }
    }

    @Test(arguments: [Reconciliation.searchable, .blind])
    func `a session cancelled while its meeting is being made loses the meeting`(_ reconciliation: Reconciliation)
        async throws
    {
        try await Convene.run(at: reconciliation) { convene in
            let id = try await convene.book(convene.booking())
            await convene.provider.meanwhile { _ = try await convene.service.cancel(id, as: convene.counselor) }

            await convene.work()
            await convene.work(after: .seconds(61))

            #expect(try await convene.session(id).status == .cancelled)
            #expect(await convene.provider.meetings.isEmpty)
            #expect(try await convene.cases() == [])
        }
    }

    @Test func `the time is free at once, however long the provider takes to cancel`() async throws {
        try await Convene.run { convene in
            let id = try await convene.session(at: .scheduled)
            await convene.provider.willRefuseCancels(2)

            _ = try await convene.service.cancel(id, as: convene.counselor)
            try await convene.book(convene.booking(for: [convene.ben]))

            await convene.work()
            await convene.work(after: .seconds(2))
            await convene.work(after: .seconds(6))
            #expect(await convene.provider.cancels == 3)
            #expect(await convene.provider.meetings.count == 1)
        }
    }

    @Test func `a meeting that the provider will not cancel becomes somebody's case`() async throws {
        try await Convene.run { convene in
            let id = try await convene.session(at: .scheduled)
            await convene.provider.willRefuseCancels(8)

            _ = try await convene.service.cancel(id, as: convene.counselor)
            for _ in 1...8 { await convene.work(after: .minutes(76)) }

            #expect(await convene.provider.cancels == 8)
            #expect(try await convene.cases() == ["cancel_failed"])
            try await convene.lookAgain()
            #expect(await convene.provider.meetings.isEmpty)
        }
    }

    @Test func `a case is listed until somebody has seen to it`() async throws {
        try await Convene.run(at: .blind) { convene in
            await convene.provider.willAnswer(.lose(made: false))
            let id = try await convene.book(convene.booking())
            await convene.work()
            let interventions = Interventions(database: convene.database.app, clock: convene.clock)

            let open = try await interventions.list(closed: false, after: nil, limit: 10, as: convene.counselor)
            let found = try #require(open.items.first)
            #expect(open.items.count == 1 && found.sagaId == id.uuid && found.reason.code == "answer_lost")
            for _ in 1...2 { try await interventions.resolve(found.id, as: convene.counselor) }

            #expect(
                try await interventions.list(closed: false, after: nil, limit: 10, as: convene.counselor).items.isEmpty)
            #expect(
                try await interventions.list(closed: true, after: nil, limit: 10, as: convene.counselor).items.count
                    == 1)
        }
    }
}

extension Convene {
    /// By the database's clock, which decides.
    fileprivate func move(_ session: SessionID, toMinutesAgo minutes: Int) async throws {
        let start: SQL = "(now() - \(minutes)::int * interval '1 minute')"
        try await database.owner.atomically([
            "UPDATE regular_mentoring_sessions SET scheduled_at = \(start) WHERE id = \(session)",
            """
            UPDATE meetings SET schedule_start_time = \(start)
            WHERE id = (SELECT meeting_id FROM regular_mentoring_sessions WHERE id = \(session))
            """,
            """
            UPDATE calendar_slots SET scheduled_start_time = \(start),
                time_range = tstzrange(\(start), \(start) + interval '90 minutes')
            WHERE session_id = \(session)
            """,
        ])
    }

    fileprivate func session(at stage: CancelSessionTests.Stage) async throws -> SessionID {
        switch stage {
        case .booked: break
        case .waiting: await provider.willAnswer(.later(.seconds(30)))
        case .reconciling: await provider.willAnswer(.lose(made: true))
        case .scheduled: break
        case .failed: await provider.willAnswer(.refuse)
        }
        let id = try await book(booking())
        if stage != .booked { await work() }
        return id
    }
}
