import Durable
import Foundation
import Meetings
import Postgres
import Provisioning
import TestSupport
import Testing
import Values

/// Hosts that provisioning has never heard of: all that it knows of them is what ``MeetingHost`` says.
@Suite struct HostTests {
    @Test func `hosts of two kinds get their meetings, and each is told of its own`() async throws {
        try await Hall.run { hall in
            let party = try await hall.ask(for: Party.self)
            let concert = try await hall.ask(for: Concert.self)

            await hall.work()

            #expect(try await hall.state(of: party) == "party has a meeting")
            #expect(try await hall.state(of: concert) == "concert has a meeting")
            #expect(await hall.provider.meetings.values.sorted() == [party, concert].map(hall.tag).sorted())
        }
    }

    @Test func `a host that gets no meeting is released with the reason`() async throws {
        try await Hall.run { hall in
            await hall.provider.willAnswer(.refuse)
            let party = try await hall.ask(for: Party.self)

            await hall.work()

            #expect(try await hall.state(of: party) == "party is released: not_allowed")
        }
    }

    @Test func `the meeting of a host that does not wait any more is taken away`() async throws {
        try await Hall.run { hall in
            let party = try await hall.ask(for: Party.self)
            await hall.provider.meanwhile {
                try await hall.database.owner.run("UPDATE hosts SET state = 'gone' WHERE id = \(party)")
            }

            await hall.work()

            #expect(try await hall.state(of: party) == "gone")
            #expect(await hall.provider.meetings.isEmpty)
        }
    }

    @Test func `a saga whose kind of host is unknown is left to those who know it`() async throws {
        try await Hall.run { hall in
            let party = try await hall.ask(for: Party.self)

            await hall.work(for: MeetingHosts(Concert.self))

            await hall.work()

            #expect(try await hall.state(of: party) == "party has a meeting")
        }
    }
}

/// What every kind of host here is made of.
private protocol HallHost: MeetingHost {
    var id: UUID { get }
    var organizationId: OrganizationID { get }
}

extension HallHost {
    static var notWaiting: String { "host_does_not_wait" }

    static func select(_ id: UUID) -> SQL {
        """
        SELECT id, organization_id, 'zoom' AS provider, 'An evening' AS title, owner, 'ada@example.test' AS owner_email,
               'UTC' AS owner_time_zone, now() AS created_at
        FROM hosts WHERE id = \(id) AND kind = \(kind)
        """
    }

    var time: TimeRange { TimeRange(start: createdAt.advanced(by: .hours(24)), duration: .minutes(60)) }

    func schedule(_ meeting: ProvisionedMeeting, as id: MeetingID, at now: Date) -> [SQL] {
        [
            """
            WITH changed AS (
                UPDATE hosts SET state = \(Self.kind) || ' has a meeting' WHERE id = \(self.id) AND state = 'waits'
                RETURNING 1)
            SELECT refuse(\(Self.notWaiting)) WHERE NOT EXISTS (SELECT FROM changed)
            """
        ]
    }

    func release(because failure: MeetingFailure, at now: Date) -> [SQL] {
        ["UPDATE hosts SET state = \(Self.kind) || ' is released: ' || \(failure.code) WHERE id = \(id)"]
    }
}

private struct Party: HallHost {
    static let kind = "party"
    let id: UUID, organizationId: OrganizationID, provider: ProviderName, title: String, owner: UserID
    let ownerEmail: String, ownerTimeZone: String, createdAt: Date
}

private struct Concert: HallHost {
    static let kind = "concert"
    let id: UUID, organizationId: OrganizationID, provider: ProviderName, title: String, owner: UserID
    let ownerEmail: String, ownerTimeZone: String, createdAt: Date
}

/// An organization with a table of hosts that the schema does not know.
private struct Hall: Sendable {
    let database: TestDatabase
    let clock = TestClock(now: Date())
    let provider = ScriptedProvider(.searchable)
    private let organization = OrganizationID(UUID()), owner = UserID(UUID())

    static func run(_ test: @Sendable (Hall) async throws -> Void) async throws {
        try await withDatabase { database in
            let hall = Hall(database: database)
            try await database.owner.atomically([
                "INSERT INTO organizations (id, slug, name) VALUES (\(hall.organization), 'hall', 'Hall')",
                "INSERT INTO users (id, email, name) VALUES (\(hall.owner), 'ada@example.test', 'Ada')",
                """
                INSERT INTO memberships (organization_id, user_id, role)
                VALUES (\(hall.organization), \(hall.owner), 'admin')
                """,
                "CREATE TABLE hosts (id uuid, kind text, organization_id uuid, owner uuid, state text DEFAULT 'waits')",
                "GRANT ALL ON hosts TO convene_worker",
            ])
            try await test(hall)
        }
    }

    private init(database: TestDatabase) { self.database = database }

    func ask(for kind: any MeetingHost.Type) async throws -> UUID {
        let id = UUID()
        try await database.owner.atomically([
            "SELECT set_config('app.org_ids', ARRAY[\(organization)::uuid]::text, true)",
            """
            INSERT INTO hosts (id, kind, organization_id, owner) VALUES (\(id), \(kind.kind), \(organization), \(owner))
            """,
            MeetingSaga.begin(for: id, kind: kind.kind, at: .zoom, .searchable, now: clock.now),
        ])
        return id
    }

    func work(for hosts: MeetingHosts = MeetingHosts(Party.self, Concert.self)) async {
        let provisioner = Provisioner(
            database: database.worker, providers: MeetingProviders([provider]), hosts: hosts, environment: "test",
            clock: clock, relay: Wakeup())
        await SagaRunner(provisioner, in: Background(database: database.worker, clock: clock, logger: .quiet)).runDue()
    }

    func state(of host: UUID) async throws -> String? {
        try await database.owner.row("SELECT state FROM hosts WHERE id = \(host)")
    }

    func tag(_ host: UUID) -> String { "cv:test:\(host.uuidString.lowercased()):1" }
}
