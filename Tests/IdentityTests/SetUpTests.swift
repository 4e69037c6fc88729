import Access
import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct SetUpTests {
    private let founder = SetUp.Founder(
        name: "Nova Lindqvist", email: "nova@people.example", password: "seven green lanterns",
        timeZone: "Europe/Stockholm", organization: "Nova & Co")

    /// What Identity does where there are people already, and the platform's admin is not among them yet.
    private func withoutSuperAdmin(_ test: @Sendable (IdentityFixture) async throws -> Void) async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            try await fixture.owner.run("UPDATE users SET super_admin = false")
            try await test(fixture)
        }
    }

    private func token(_ fixture: IdentityFixture) async throws -> String {
        let link = try await SetUp.link(
            publicURL: URL(filePath: "/"), in: fixture.owner, at: fixture.clock.now)
        let items = link.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: false)?.queryItems }
        return try #require(items?.first?.value)
    }

    @Test func `it makes a super admin who is the admin of their organization`() async throws {
        try await withoutSuperAdmin { fixture in
            let pass = try await fixture.service.setUp(token(fixture), by: founder, from: IdentityFixture.origin)

            let profile = try await fixture.service.profiles.of(Person(pass.principal, address: nil))
            #expect(profile.superAdmin && profile.memberships.map(\.role) == [.admin])
            #expect(profile.memberships.map(\.organizationName) == ["Nova & Co"])
        }
    }

    @Test func `there is no link once somebody looks after the platform`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            #expect(
                try await SetUp.link(publicURL: URL(filePath: "/"), in: fixture.owner, at: fixture.clock.now) == nil)
        }
    }

    @Test func `of many who use it at once, one wins`() async throws {
        try await withoutSuperAdmin { fixture in
            let token = try await token(fixture)

            let won = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        guard let email = try? EmailAddress("nova\(number)@people.example") else { return false }
                        let one = SetUp.Founder(
                            name: founder.name, email: email, password: founder.password,
                            timeZone: founder.timeZone, organization: founder.organization)
                        return (try? await fixture.service.setUp(token, by: one, from: IdentityFixture.origin)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(won == 1)
            #expect(
                try await fixture.owner.row("SELECT count(*) FROM users WHERE super_admin", as: Int.self) == 1)
        }
    }

    @Test func `an account that there is stays as it is`() async throws {
        try await withoutSuperAdmin { fixture in
            let token = try await token(fixture)
            let taken = SetUp.Founder(
                name: "Mallory", email: "amara@people.example", password: founder.password, timeZone: "UTC",
                organization: "Mine")

            await #expect(throws: JoiningError.accountExists) {
                try await fixture.service.setUp(token, by: taken, from: IdentityFixture.origin)
            }
            _ = try await fixture.signIn("amara")
            _ = try await fixture.service.setUp(token, by: founder, from: IdentityFixture.origin)
        }
    }

    @Test func `a password that names the organization is refused, and the link still works`() async throws {
        try await withoutSuperAdmin { fixture in
            let token = try await token(fixture)
            let weak = SetUp.Founder(
                name: "Nova", email: founder.email, password: "lanternhouse 1", timeZone: "UTC",
                organization: "Lanternhouse")

            await #expect(throws: PasswordWeakness.self) {
                try await fixture.service.setUp(token, by: weak, from: IdentityFixture.origin)
            }
            try await fixture.service.setUp.check(token, from: IdentityFixture.origin)
        }
    }
}
