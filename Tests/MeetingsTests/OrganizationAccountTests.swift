import Access
import Foundation
import Outgoing
import Postgres
import Secrets
import Simulators
import TestSupport
import Testing
import Values

@testable import Meetings

/// Organizations' own accounts, with a database and the simulated providers.
@Suite struct OrganizationAccountTests {
    @Test func `an adapter is kept with its token until the account changes`() async throws {
        try await House.run { house in
            try await house.set(house.zoom)
            _ = try await house.create()
            _ = try await house.create()
            #expect(await house.simulation.tokenRequests(at: .zoom) == 1)

            try await house.set(house.zoom)
            _ = try await house.create()

            #expect(await house.simulation.tokenRequests(at: .zoom) == 2)
        }
    }

    @Test func `an adapter of a newer version serves whoever read an older one`() async throws {
        try await House.run { house in
            try await house.set(house.zoom)
            let old = try await house.version()
            try await house.set(house.zoom)
            let new = try await house.version()
            _ = try await house.create(version: new)

            _ = try await house.create(version: old)

            #expect(await house.simulation.tokenRequests(at: .zoom) == 1)
        }
    }

    @Test func `versions are never used again`() async throws {
        try await House.run { house in
            try await house.set(house.zoom)
            let first = try #require(try await house.version())
            try await house.accounts.remove(.zoom, as: house.admin)
            #expect(try await house.version() == nil)

            try await house.set(house.zoom)

            #expect(try #require(try await house.version()) > first)
        }
    }

    @Test func `without an account of its own nor the installation's everything is refused`() async throws {
        try await House.run { house in
            let outcome = try await house.create(version: nil)

            guard case .refused(code: "provider_unavailable", _) = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `what another key sealed is refused by name, and the rest goes on`() async throws {
        try await House.run { house in
            try await house.set(house.zoom)
            let strangers = house.adapters(with: SecretBox(KeyRing(.random())))
            let providers = MeetingProviders([], accounts: strangers)

            let provider = try await providers.provider(.zoom, of: house.organization, version: house.version())
            let outcome = await provider.create(house.simulation.request())

            guard case .refused(code: "provider_credentials_unreadable", _) = outcome else { throw Unexpected(outcome) }
            #expect(await provider.check() == .refused(Explanation(CallReason.credentialsUnreadable)))
        }
    }

    @Test func `no request reads the secret, and only an admin's changes the account`() async throws {
        try await House.run { house in
            try await house.set(house.zoom)
            let change: SQL = "UPDATE provider_credentials SET settings = '{}', updated_by = app_user_id()"
            let counselor = house.actor(.counselor)

            await #expect(throws: PostgresError.self) {
                try await house.database.app.acting(as: house.admin)
                    .row("SELECT secret::text FROM provider_credentials", as: String.self)
            }
            #expect(try await house.database.app.acting(as: counselor).run(change) == 0)
            #expect(try await house.database.app.acting(as: counselor).run("DELETE FROM provider_credentials") == 0)
            #expect(try await house.database.app.acting(as: house.admin).run(change) == 1)
        }
    }

    @Test func `a secret that is left out is required only where there is none`() async throws {
        try await House.run { house in
            await #expect(throws: ProviderAccountError.secretRequired(field: "clientSecret")) {
                try await house.accounts.set(house.zoom, secret: nil, as: house.admin)
            }
            try await house.set(house.zoom)
            let before = try await house.version()

            try await house.accounts.set(house.zoom, secret: nil, as: house.admin)

            #expect(try await house.version() != before)
            guard case .created = try await house.create() else { throw Unexpected("not created") }
        }
    }

    @Test func `what was changed during a test was not tested`() async throws {
        try await House.run(timeout: .seconds(2)) { house in
            try await house.set(house.zoom)
            try await house.simulation.fault(
                #"{"provider": "zoom", "operation": "token", "mode": "slow", "delayMs": 60000, "count": 1}"#)

            async let check = house.accounts.test(.zoom, as: house.admin)
            while await house.simulation.tokenRequests(at: .zoom) == 0 { await Task.yield() }
            try await house.set(house.zoom)

            #expect(try await check.outcome == .unreachable)
            #expect(try await house.accounts.list(as: house.admin).first?.checkOutcome == nil)
        }
    }
}

/// One organization with an admin and a counselor, and no account of the installation.
private struct House: Sendable {
    let database: TestDatabase
    let simulation: Simulation
    let secretBox = SecretBox(KeyRing(.random()))
    let organization = OrganizationID(UUID())
    let people: [Role: UserID] = [.admin: UserID(UUID()), .counselor: UserID(UUID())]
    private let signIns: [Role: SignInID] = [.admin: SignInID(UUID()), .counselor: SignInID(UUID())]
    private let kept: OrganizationAdapters

    var providers: MeetingProviders { MeetingProviders([], accounts: kept) }
    var admin: Actor { actor(.admin) }
    var zoom: AccountSettings { AccountSettings(at: .zoom, SimulatorServer.accounts[.zoom] ?? [:]) }
    var accounts: ProviderAccounts {
        ProviderAccounts(
            database: database.app, adapters: kept, secretBox: secretBox, installation: [], clock: SystemClock())
    }

    /// - Parameter timeout: how long a provider is waited for.
    static func run(
        timeout: Duration = .seconds(15), _ test: @Sendable (House) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            try await Simulation.run(limits: OutgoingLimits(total: timeout)) { simulation in
                try await test(House(database, simulation))
            }
        }
    }

    private init(_ database: TestDatabase, _ simulation: Simulation) async throws {
        self.database = database
        self.simulation = simulation
        kept = Self.adapters(database, simulation, secretBox)
        try await database.owner.run(
            "INSERT INTO organizations (id, slug, name) VALUES (\(organization), 'lighthouse', 'Lighthouse')")
        for (role, person) in people {
            try await database.owner.atomically([
                "INSERT INTO users (id, email, name) VALUES (\(person), \("\(role)@example.test"), 'Ada')",
                """
                INSERT INTO memberships (organization_id, user_id, role) VALUES (\(organization), \(person), \(role))
                """,
                """
                INSERT INTO sign_ins (id, user_id, medium, expires_at)
                VALUES (\(signIns[role]), \(person), 'program', now() + interval '1 day')
                """,
            ])
        }
    }

    func actor(_ role: Role) -> Actor {
        let holder = Principal(user: people[role] ?? UserID(UUID()), signIn: signIns[role] ?? SignInID(UUID()))
        return Actor(Person(holder, address: nil), in: organization, roles: [role])
    }

    func adapters(with secretBox: SecretBox) -> OrganizationAdapters { Self.adapters(database, simulation, secretBox) }

    private static func adapters(
        _ database: TestDatabase, _ simulation: Simulation, _ secretBox: SecretBox
    ) -> OrganizationAdapters {
        OrganizationAdapters(database: database.worker, secretBox: secretBox, connection: simulation.connection)
    }

    func set(_ settings: AccountSettings) async throws {
        let secret = Secret(SimulatorServer.accounts[.zoom]?["clientSecret"] ?? "")
        try await accounts.set(settings, secret: secret, as: admin)
    }

    func version() async throws -> Int64? {
        try await database.owner.row("SELECT version FROM provider_credentials WHERE provider = 'zoom'")
    }

    func create() async throws -> CreateOutcome { try await create(version: version()) }

    func create(version: Int64?) async throws -> CreateOutcome {
        try await providers.provider(.zoom, of: organization, version: version).create(simulation.request())
    }
}
