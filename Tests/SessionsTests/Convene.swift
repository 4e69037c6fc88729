import Access
import Calendars
import Durable
import Foundation
import Logging
import Meetings
import Postgres
import Provisioning
import Schema
import TestSupport
import Testing
import Values

@testable import Sessions

/// One organization on a database of its own: a counselor, a mentor and two students with ten hours of everything.
struct Convene: Sendable {
    let database: TestDatabase
    let clock: TestClock
    let provider: ScriptedProvider
    let service: SessionService
    let organization: OrganizationID
    let counselor: Actor
    let mentor: UserID, ada: UserID, ben: UserID

    /// Afterward nothing may be amiss in the database.
    static func run(at reconciliation: Reconciliation = .searchable, _ test: @Sendable (Convene) async throws -> Void)
        async throws
    {
        try await withDatabase { database in
            let convene = try await Convene(database, ScriptedProvider(reconciliation))
            try await test(convene)
            #expect(try await Invariants.bundled().violations(in: database.owner) == [])
        }
    }

    private init(_ database: TestDatabase, _ provider: ScriptedProvider) async throws {
        // The database's own clock, by which leases end and the invariants judge, stands beside it.
        let clock = TestClock(now: Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded()))
        self.database = database
        self.clock = clock
        self.provider = provider
        service = SessionService(
            database: database.app, availability: Availability(database: database.app, clock: clock),
            providers: MeetingProviders([provider]), clock: clock, provisioning: Wakeup())
        let organization = OrganizationID(at: clock.now)
        let people = (0..<4).map { _ in UserID(at: clock.now) }
        let names = ["counselor", "mentor", "ada", "ben"]
        let signIn = SignInID(at: clock.now)
        self.organization = organization
        (mentor, ada, ben) = (people[1], people[2], people[3])
        counselor = Actor(
            Person(Principal(user: people[0], signIn: signIn), address: nil), in: organization, roles: [.counselor])
        try await database.setClock(to: clock.now)
        try await database.owner.atomically([
            """
            INSERT INTO organizations (id, slug, name, billed_from)
            VALUES (\(organization), 'lighthouse', 'Lighthouse', '2020-01-01')
            """,
            """
            INSERT INTO users (id, email, name) SELECT id, name || '@example.test', name
            FROM unnest(\(people)::uuid[], \(names)::text[]) AS person (id, name)
            """,
            """
            INSERT INTO memberships (organization_id, user_id, role)
            SELECT \(organization), id, CASE WHEN name IN ('ada', 'ben') THEN 'student' ELSE name END
            FROM unnest(\(people)::uuid[], \(names)::text[]) AS person (id, name)
            """,
            """
            INSERT INTO sign_ins (id, user_id, medium, expires_at)
            VALUES (\(signIn), \(people[0]), 'program', now() + interval '1 day')
            """,
            """
            INSERT INTO contracts (id, organization_id, student_user_id, title, starts_on)
            SELECT gen_random_uuid(), \(organization), student, 'A year', '2020-01-01'
            FROM unnest(\(Array(people[2...]))::uuid[]) AS student
            """,
            """
            INSERT INTO contract_entitlements (id, organization_id, contract_id, student_user_id, service_type, unit_type,
                total)
            SELECT gen_random_uuid(), organization_id, id, student_user_id, service, 'hour', 10
            FROM contracts, unnest(\(SessionKind.allCases.map(\.rawValue))::text[]) AS service
            """,
        ])
    }

    /// One worker. Any number may be made.
    func provisioner(on clock: TestClock? = nil, in database: Database? = nil) -> SagaRunner {
        let database = database ?? self.database.worker
        let clock = clock ?? self.clock
        return SagaRunner(
            Provisioner(
                database: database, providers: MeetingProviders([provider]),
                hosts: MeetingHosts(SessionMeetingHost.self), environment: "test", clock: clock, relay: Wakeup()),
            in: Background(database: database, clock: clock, logger: .quiet))
    }

    /// Moves the clock and does what is due then.
    func work(after wait: Duration = .zero) async {
        clock.advance(by: wait)
        do { try await database.setClock(to: clock.now) } catch { Issue.record(error) }
        await provisioner().runDue()
    }

    /// Tomorrow, `hours` from now.
    func booking(
        _ kind: SessionKind = .regularMentoring, in hours: Int = 24, for students: [UserID]? = nil,
        by host: UserID? = nil,
        duration: Duration = .minutes(90)
    ) -> Booking {
        // None of a kind's own fields is required.
        guard let details: any SessionDetails = try? JSONDecoder().decode(kind.details, from: Data("{}".utf8)) else {
            preconditionFailure("a \(kind) cannot be booked without fields of its own")
        }
        return Booking(
            details: details, students: students ?? (kind.hasRoster ? [ada, ben] : [ada]),
            provider: host ?? (kind.providerRole == .mentor ? mentor : counselor.user), title: "Mock interview",
            description: nil, time: TimeRange(start: clock.now.advanced(by: .hours(hours)), duration: duration),
            meetingProvider: provider.name)
    }

    /// Every booking under a key of its own, unless it is given.
    @discardableResult
    func book(_ booking: Booking, key: String = UUID().uuidString, body: String = "") async throws -> SessionID {
        let idempotencyKey = IdempotencyKey<BookedSession>(Self.request(key, body)) {
            StoredResponse(status: 201, location: nil, body: "\($0.sessionId)")
        }
        return try await service.book(booking, key: idempotencyKey, as: counselor).sessionId
    }

    func kept(under key: String, body: String = "") async throws -> Idempotency.Kept? {
        try await database.app.acting(as: counselor).row(Idempotency.kept(under: Self.request(key, body)))
    }

    private static func request(_ key: String, _ body: String) -> IdempotentRequest {
        IdempotentRequest(route: "POST /sessions", key: key, hash: Data(body.utf8))
    }

    func session(_ id: SessionID) async throws -> SessionView { try await service.session(id, as: counselor) }

    func booked(_ people: UserID...) async throws -> Int? {
        try await database.owner.row(
            "SELECT count(*) FROM calendar_slots WHERE status = 'booked' AND user_id = ANY (\(people)::uuid[])")
    }

    /// What of Ada's ten hours is taken.
    func held(_ kind: SessionKind = .regularMentoring) async throws -> Decimal? {
        try await database.owner.row(
            "SELECT held FROM contract_entitlements WHERE student_user_id = \(ada) AND service_type = \(kind)")
    }

    func events(of session: SessionID) async throws -> [String] {
        try await database.owner.rows(
            """
            SELECT concat_ws(' ', substr(type, strpos(type, '.') + 1), payload->>'status') FROM outbox_events
            WHERE aggregate_id = \(session) ORDER BY xmin::text::bigint
            """)
    }

    func calls(of session: SessionID) async throws -> [String] {
        try await database.owner.rows(
            "SELECT operation || ' ' || status FROM provider_calls WHERE saga_id = \(session) ORDER BY id")
    }

    func cases() async throws -> [String] {
        try await database.owner.rows("SELECT reason->>'code' FROM manual_interventions ORDER BY opened_at")
    }

    /// Takes every look that is planned, as the queue would; it would repeat those that came to nothing.
    func lookAgain() async throws {
        let planned: [String] = try await database.owner.rows(
            "DELETE FROM queue_jobs WHERE kind = \(Reconciliations.jobKind) RETURNING payload::text")
        let reconciliations = Reconciliations(
            database: database.worker, providers: MeetingProviders([provider]),
            hosts: MeetingHosts(SessionMeetingHost.self), logger: .quiet)
        for payload in planned {
            let look = try JSONDecoder.convene.decode(Reconciliations.Payload.self, from: Data(payload.utf8))
            do { try await reconciliations.look(at: look) } catch is Reconciliations.Unsettled {}
        }
    }

    struct Unexpected: Error {}
}
