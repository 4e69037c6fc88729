import Durable
import Foundation
import Meetings
import Postgres
import Provisioning
import TestSupport
import Testing
import Values

@testable import Sessions

/// What workers die of or fail at is tried a few times, told to somebody, and given up when its time has come.
@Suite struct SettingAsideTests {
    @Test(arguments: ["meeting_pending", "recorded"])
    func `a saga that no worker survives is set aside, and its session given up at the deadline`(state: String)
        async throws
    {
        try await Convene.run { convene in
            let id = try await convene.book(convene.booking())
            if state == "recorded" {
                await convene.provider.meanwhile {
                    // The worker dies between the answer's commit and the next one.
                    try await convene.forbid("INSERT ON meetings")
                }
                await convene.work()
                try await convene.database.owner.run("DROP TRIGGER forbidden ON meetings")
                convene.clock.advance(by: .seconds(5))
                try await convene.database.setClock(to: convene.clock.now)
            }
            for _ in 1...5 { try await convene.dieHoldingEverything() }
            let creates = await convene.provider.creates

            await convene.work()

            #expect(try await convene.session(id).status == .pendingMeeting)
            #expect(try await convene.cases() == ["set_aside"])

            await convene.work(after: .minutes(15))

            let session = try await convene.session(id)
            #expect(session.failure?.code == "set_aside" && session.failure?.requiresManualIntervention == true)
            #expect(try await convene.booked(convene.mentor, convene.ada) == 0)
            #expect(try await convene.held() == 0)
            #expect(await convene.provider.creates == creates)
            #expect(try await convene.events(of: id) == ["session.created", "session.meeting.operation.result failed"])
            #expect(try await convene.cases() == ["set_aside"])
        }
    }

    @Test func `a case of a saga that was set aside names the meeting that is left`() async throws {
        try await Convene.run { convene in
            try await convene.book(convene.booking())
            await convene.provider.meanwhile { try await convene.forbid("INSERT ON meetings") }
            await convene.work()
            for _ in 1...8 { await convene.work(after: .seconds(70)) }

            let named: [String] = try await convene.database.owner.rows("SELECT external_id FROM manual_interventions")
            #expect(named == (await convene.provider.references.map(\.id)))
            #expect(await convene.provider.creates == 1)
            await convene.work(after: .minutes(15))
        }
    }

    @Test func `an error that does not pass is tried again a few times, and ends in a case and a release`() async throws
    {
        try await Convene.run { convene in
            try await convene.forbid("INSERT ON provider_calls")
            let id = try await convene.book(convene.booking())
            for _ in 1...20 { await convene.work(after: .minutes(1)) }

            #expect(try await convene.session(id).failure?.code == "set_aside")
            #expect(try await convene.cases() == ["set_aside"])
            #expect(try await convene.booked(convene.mentor) == 0)
        }
    }

    @Test(arguments: [#"{"generation": 1, "provider": "zoom", "of": "another version"}"#, #""nothing""#])
    func `a document that nobody can read does not spin, and its session is given up`(document: String) async throws {
        try await Convene.run { convene in
            let id = try await convene.book(convene.booking())
            try await convene.database.owner.run("UPDATE sagas SET document = \(document)::jsonb WHERE id = \(id)")
            for _ in 1...14 { await convene.work(after: .minutes(1)) }
            if document.contains("generation") {
                #expect(try await convene.cases() == ["set_aside"])
                await convene.work(after: .minutes(2))
                #expect(try await convene.session(id).failure?.code == "set_aside")
            } else {
                // Not even its generation is known: the case is all that can be done, and others are not kept.
                #expect(try await convene.cases() == ["cannot_set_aside"])
                let claims = try await convene.database.owner.row("SELECT claims FROM sagas", as: Int.self)
                #expect((claims ?? 99) < 10)
            }
        }
    }

    @Test func `what others do is not held up by a saga that fails`() async throws {
        try await Convene.run { convene in
            let bad = try await convene.book(convene.booking())
            try await convene.database.owner.run(
                "UPDATE sagas SET document = document - 'reconciliation' WHERE id = \(bad)")
            let good = try await convene.book(convene.booking(.commSession, for: [convene.ben]))

            await convene.work()

            #expect(try await convene.session(good).status == .scheduled)
            for _ in 1...20 { await convene.work(after: .minutes(1)) }
            #expect(try await convene.session(bad).failure?.code == "set_aside")
        }
    }

    @Test func `a session that was set aside can be tried again`() async throws {
        try await Convene.run { convene in
            let id = try await convene.book(convene.booking())
            for _ in 1...5 { try await convene.dieHoldingEverything() }
            await convene.work()
            await convene.work(after: .minutes(15))

            _ = try await convene.service.retry(id, as: convene.counselor)
            await convene.work()

            #expect(try await convene.session(id).status == .scheduled)
        }
    }

    // MARK: A server that stops

    @Test func `a server that stops gives its saga back, and the next one looks at once`() async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.hang)
            let id = try await convene.book(convene.booking())
            let running = Task { await convene.provisioner().runDue() }
            await convene.provider.hangs()

            running.cancel()
            await running.value

            let left: [String] = try await convene.database.owner.rows(
                "SELECT state || ' ' || (lease_until IS NULL) || ' ' || claims FROM sagas")
            #expect(left == ["reconcile true 0"])
            for _ in 1...3 { await convene.work(after: .seconds(32)) }
            #expect(try await convene.session(id).status == .scheduled)
        }
    }

    @Test func `a server that stops while a blind provider is asked says what is not known`() async throws {
        try await Convene.run(at: .blind) { convene in
            await convene.provider.willAnswer(.hang)
            let id = try await convene.book(convene.booking())
            let running = Task { await convene.provisioner().runDue() }
            await convene.provider.hangs()

            running.cancel()
            await running.value

            #expect(try await convene.session(id).failure?.code == "provider_answer_lost")
            #expect(try await convene.cases() == ["answer_lost"])
        }
    }

    // MARK: Whose clock

    @Test(arguments: [Duration.hours(-1), .hours(24 * 40)])
    func `a server whose clock is wrong delays no session`(by error: Duration) async throws {
        try await Convene.run { convene in
            await convene.provider.willAnswer(.later(.seconds(3)))
            let id = try await convene.book(convene.booking())
            let wrong = TestClock(now: convene.clock.now.advanced(by: error))
            await convene.provisioner(on: wrong).runDue()
            #expect(try await convene.session(id).status == .pendingMeeting)

            try await convene.database.setClock(to: convene.clock.now.advanced(by: .seconds(4)))
            await convene.provisioner(on: wrong).runDue()

            #expect(try await convene.session(id).status == .scheduled)
        }
    }
}

extension Convene {
    /// As if a worker had taken all that is due, and died.
    func dieHoldingEverything() async throws {
        _ = try await database.worker.rows(
            Sagas.claim(kinds: [SessionMeetingHost.kind], rooms: [], usual: 16, limit: 16), as: Sagas.Claim.self)
        try await loseLeases()
    }

    /// Makes the database refuse something, for a reason that does not pass.
    func forbid(_ what: String) async throws {
        try await database.owner.run(
            """
            CREATE OR REPLACE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'forbidden'; END $$
            """)
        try await database.owner.run(
            SQL(stringLiteral: "CREATE TRIGGER forbidden BEFORE \(what) FOR EACH ROW EXECUTE FUNCTION forbid()"))
    }
}
