import Access
import Calendars
import Durable
import Foundation
import Identity
import Meetings
import Postgres
import TestSupport
import Testing
import Values

@testable import Sessions

/// What happens at one moment to sessions that share people, units and times.
@Suite struct ContentionTests {
    @Test func `cancelling, trying again, giving back and booking at once never deadlock`() async throws {
        try await Convene.run { convene in
            try await convene.database.owner.run("UPDATE contract_entitlements SET total = 1000")
            let crowd = Crowd(convene)
            for round in 1...10 { try await crowd.storm(at: 24 + 4 * round) }
            #expect(try await crowd.deadlocks() == 0)
        }
    }

    @Test func `whoever leaves is told of every booking that was faster, and nobody is booked after`() async throws {
        try await Convene.run { convene in
            let members = try await convene.members()
            let crowd = Crowd(convene)
            for round in 1...8 {
                let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
                    for half in 0..<16 {
                        group.addTask {
                            do {
                                let booking = convene.booking(
                                    .commSession, in: 24 * round + half, for: [convene.ben], duration: .minutes(30))
                                return Outcome(booked: [try await crowd.book(booking)])
                            } catch BookingError.strangers([convene.ben]) {
                                return Outcome()
                            }
                        }
                    }
                    group.addTask {
                        let gone = try await members.service.remove(convene.ben, handingOverTo: nil, as: members.admin)
                        return Outcome(listed: gone.sessions.map { SessionID($0.id) })
                    }
                    return try await group.reduce(into: Outcome()) { $0.add($1) }
                }

                #expect(Set(outcome.booked).isSubset(of: outcome.listed))
                _ = try await members.service.readmit(convene.ben, as: .student, actor: members.admin)
            }
        }
    }

    @Test func `who gets another role is not booked in the old one`() async throws {
        try await Convene.run { convene in
            let members = try await convene.members()
            let crowd = Crowd(convene)
            for round in 1...8 {
                try await withThrowingTaskGroup { group in
                    for half in 0..<16 {
                        group.addTask {
                            let booking = convene.booking(
                                .commSession, in: 24 * round + half, for: [convene.ben], duration: .minutes(30))
                            do { _ = try await crowd.book(booking) } catch BookingError.strangers([convene.ben]) {}
                        }
                    }
                    group.addTask { _ = try await members.service.change(convene.ben, to: .mentor, as: members.admin) }
                    try await group.waitForAll()
                }
                // Invariant 25, which is asked afterward, looks at the last change.
                let late: Int? = try await convene.database.owner.row(
                    """
                    SELECT count(*) FROM calendar_slots c JOIN memberships m USING (organization_id, user_id)
                    WHERE c.status = 'booked' AND c.user_type <> m.role AND c.created_at > m.role_since
                    """)
                #expect(late == 0)
                _ = try await members.service.change(convene.ben, to: .student, as: members.admin)
            }
        }
    }

    @Test func `what somebody is booked for in their old role is listed when they get another`() async throws {
        try await Convene.run { convene in
            let members = try await convene.members()
            let booked = try await convene.book(convene.booking(.commSession, in: 24, for: [convene.ben]))

            let changed = try await members.service.change(convene.ben, to: .mentor, as: members.admin)
            let back = try await members.service.change(convene.ben, to: .student, as: members.admin)

            #expect(changed.sessions.map(\.id) == [booked.uuid])
            #expect(back.sessions.isEmpty)
        }
    }

    @Test func `who is just being taken out books nothing more`() async throws {
        try await Convene.run { convene in
            let members = try await convene.members()
            let statements = [Slots.keepMembers(in: [])]
            try await convene.database.app.acting(as: convene.counselor).atomically(statements)

            // What they were when the request entered, and what they are when it locks.
            await #expect(throws: AccessError.forbidden) {
                try await convene.database.app.acting(as: convene.counselor).transaction { tx in
                    _ = try await tx.row("SELECT 1", as: Int.self)
                    _ = try await members.service.change(convene.counselor.user, to: .mentor, as: members.admin)
                    try await tx.run(statements)
                }
            }
            await #expect(throws: AccessError.notAMember) {
                _ = try await members.service.change(convene.counselor.user, to: .counselor, as: members.admin)
                try await convene.database.app.acting(as: convene.counselor).transaction { tx in
                    _ = try await tx.row("SELECT 1", as: Int.self)
                    _ = try await members.service.remove(
                        convene.counselor.user, handingOverTo: nil, as: members.admin)
                    try await tx.run(statements)
                }
            }
        }
    }

    private struct Outcome: Sendable {
        var booked: [SessionID] = []
        var listed: [SessionID] = []

        mutating func add(_ other: Outcome) {
            booked += other.booked
            listed += other.listed
        }
    }
}

/// Many connections at work on the same sessions.
private struct Crowd: Sendable {
    let convene: Convene
    let pools: [Pool]
    let service: SessionService
    let provisioner: SagaRunner

    init(_ convene: Convene) {
        self.convene = convene
        pools = ["convene_app", "convene_worker"].map { role in
            Pool.toTests(convene.database.url, role: role) {
                $0.size = 12
                $0.applicationName = "crowd"
            }
        }
        let providers = MeetingProviders([convene.provider])
        service = SessionService(
            database: pools[0].database, availability: Availability(database: pools[0].database, clock: convene.clock),
            providers: providers, clock: convene.clock, provisioning: Wakeup())
        provisioner = convene.provisioner(in: pools[1].database)
    }

    /// A class that is held, two sessions that failed to get the same time's meeting, and one that is about to fail:
    /// all are cancelled, tried again, given up and replaced at once.
    func storm(at hour: Int) async throws {
        await provisioner.runDue()
        await convene.provider.willAnswer(.refuse, .refuse)
        var failed: [SessionID] = []
        for kind in [SessionKind.classSession, .regularMentoring] {
            failed.append(try await convene.book(convene.booking(kind, in: hour)))
            await provisioner.runDue()
        }
        let held = try await convene.book(convene.booking(.classSession, in: hour))
        await provisioner.runDue()
        await convene.provider.willAnswer(.refuse)
        try await convene.book(convene.booking(.classSession, in: hour + 2))

        let wanted =
            [SessionKind.classSession, .regularMentoring, .gapAnalysis, .classSession].map {
                convene.booking($0, in: hour)
            } + [SessionKind.classSession, .aiCareer].map { convene.booking($0, in: hour + 2) }
        try await withThrowingTaskGroup { group in
            group.addTask { await provisioner.runDue() }
            for _ in 1...2 { add(to: &group) { _ = try await service.cancel(held, as: convene.counselor) } }
            for session in failed + failed {
                add(to: &group) { _ = try await service.retry(session, as: convene.counselor) }
            }
            for booking in wanted {
                add(to: &group) { _ = try await book(booking) }
            }
            try await group.waitForAll()
        }
    }

    func book(_ booking: Booking) async throws -> SessionID {
        try await service.book(booking, key: .absent, as: convene.counselor).sessionId
    }

    private func add(
        to group: inout ThrowingTaskGroup<Void, any Error>, _ work: @escaping @Sendable () async throws -> Void
    ) {
        // Somebody else was faster: that is an answer. Any other error fails the test.
        group.addTask { do { try await work() } catch is BookingError {} }
    }

    /// How many there were in this database. Connections say so at their end.
    func deadlocks() async throws -> Int? {
        for pool in pools { await pool.close() }
        let owner = convene.database.owner
        let open: SQL = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'crowd'
            """
        let deadline = ContinuousClock.now + .seconds(30)
        while let count: Int = try await owner.row(open), count > 0, .now < deadline { await Task.yield() }
        return try await owner.row("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    }
}

extension Convene {
    /// The organization's people, and an admin of it.
    fileprivate func members() async throws -> (service: Members, admin: Actor) {
        let admin = UserID(at: clock.now)
        let signIn = SignInID(at: clock.now)
        try await database.owner.atomically([
            "INSERT INTO users (id, email, name) VALUES (\(admin), 'admin@example.test', 'admin')",
            "INSERT INTO memberships (organization_id, user_id, role) VALUES (\(organization), \(admin), 'admin')",
            """
            INSERT INTO sign_ins (id, user_id, medium, expires_at)
            VALUES (\(signIn), \(admin), 'program', now() + interval '1 day')
            """,
        ])
        let actor = Actor(
            Person(Principal(user: admin, signIn: signIn), address: nil), in: organization, roles: [.admin])
        return (
            Members(database: database.app, observers: [SessionMemberships()], mailer: NoMailServer(), clock: clock),
            actor
        )
    }
}
