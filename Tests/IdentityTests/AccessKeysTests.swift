import Access
import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Identity

@Suite struct AccessKeysTests {
    @Test func `a key acts for its owner in one organization, and says when it was used`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let clara = try await fixture.actor("clara", in: fixture.north)
            let made = try await fixture.service.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24), as: clara)
            #expect(try await fixture.service.keys.list(as: clara).map(\.lastUsedAt) == [nil])

            let known = try #require(try await fixture.service.keys.principal(of: made.key))

            #expect(known.principal.user == fixture["clara"] && known.scopes == ["sessions:read"])
            #expect(try await fixture.service.keys.list(as: clara).first?.lastUsedAt != nil)
            let program = Person(known.principal, address: nil)
            #expect(
                try await fixture.service.organizations.current(
                    as: Actor(program, in: nil, roles: [.counselor])
                ).id == fixture.north)
            await #expect(throws: AccessError.notAMember) {
                try await fixture.service.organizations.current(
                    as: Actor(program, in: fixture.south, roles: Role.allCases))
            }
        }
    }

    @Test func `the key itself is nowhere in the database`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let made = try await fixture.service.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24),
                as: try await fixture.actor("clara"))

            let found = try await fixture.owner.row(
                "SELECT count(*) FROM sign_ins s WHERE s::text LIKE \("%" + made.key.suffix(20) + "%")", as: Int.self)

            #expect(found == 0)
        }
    }

    @Test func `a key that was ended, or never made, opens nothing`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let clara = try await fixture.actor("clara")
            let made = try await fixture.service.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24), as: clara)
            let caspar = try await fixture.actor("caspar")
            await #expect(throws: SignInError.noSuchThing) { try await fixture.service.keys.end(made.id, as: caspar) }

            try await fixture.service.keys.end(made.id, as: clara)

            #expect(try await fixture.service.keys.principal(of: made.key) == nil)
            #expect(try await fixture.service.keys.principal(of: "cvk_made-up") == nil)
        }
    }

    enum Ending: CaseIterable {
        case password, everywhere, everywhereElse, secondFactor, role, removal, leaving
    }

    @Test(arguments: Ending.allCases) func `what ends sign-ins, membership or role ends keys`(_ ending: Ending)
        async throws
    {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let clara = try await fixture.actor("clara", in: fixture.north)
            let keys = fixture.service.keys
            let made = try await keys.create(name: "Import", scopes: ["sessions:read"], lifetime: .hours(24), as: clara)
            let others = try await keys.create(
                name: "Other", scopes: ["sessions:read"], lifetime: .hours(24), as: try await fixture.actor("caspar"))

            let told = try await fixture.end(ending, for: "clara", as: clara)

            #expect(told == nil || told == ["Import"])
            #expect(try await keys.principal(of: made.key) == nil)
            #expect(try await keys.principal(of: others.key) != nil)
        }
    }

    @Test func `a key for another organization, or in a role that stays, holds`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            try await fixture.owner.run(
                """
                INSERT INTO memberships (organization_id, user_id, role)
                VALUES (\(fixture.south), \(fixture["clara"]), 'counselor')
                """)
            let amara = try await fixture.actor("amara")
            var made: [String] = []
            for organization in [fixture.north, fixture.south] {
                let clara = try await fixture.actor("clara", in: organization)
                made.append(
                    try await fixture.service.keys.create(
                        name: "Import", scopes: ["sessions:read"], lifetime: .hours(1), as: clara
                    ).key)
            }

            let same = try await fixture.service.members.change(fixture["clara"], to: .counselor, as: amara)
            #expect(same.endedKeys == [] && same.member.version == 1)
            #expect(try await fixture.service.keys.principal(of: made[0]) != nil)
            _ = try await fixture.service.members.remove(fixture["clara"], handingOverTo: nil, as: amara)

            #expect(try await fixture.service.keys.principal(of: made[0]) == nil)
            #expect(try await fixture.service.keys.principal(of: made[1]) != nil)
        }
    }

    @Test func `nobody ends another's keys, and an admin only those of their own organization`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let made = try await fixture.service.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(1), as: try await fixture.actor("clara"))
            for (name, organization) in [("caspar", fixture.north), ("ada", fixture.south)] {
                let ended = try await database.app.acting(as: try await fixture.actor(name, in: organization))
                    .rows("SELECT name FROM end_keys(\(fixture["clara"]))", as: String.self)
                #expect(ended == [])
            }
            #expect(try await fixture.service.keys.principal(of: made.key) != nil)
        }
    }

    @Test func `a super admin, who is no member, makes no key there`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            let root = try await fixture.actor("root", in: fixture.north)

            await #expect(throws: AccessError.notAMember) {
                try await fixture.service.keys.create(
                    name: "All", scopes: ["sessions:read"], lifetime: .hours(1), as: root)
            }
        }
    }
}

extension IdentityFixture {
    /// - Returns: the keys that the one who did it was told of, where anybody is.
    fileprivate func end(_ ending: AccessKeysTests.Ending, for name: String, as actor: Actor) async throws -> [String]?
    {
        switch ending {
        case .password:
            try await service.credentials.change(
                password: "seven green lanterns", current: Self.password, as: actor.person)
            return nil
        case .everywhere:
            try await service.ownSignIns.endAll(keepingThis: false, as: actor.person)
            return nil
        case .everywhereElse:
            try await service.ownSignIns.endAll(keepingThis: true, as: actor.person)
            return nil
        case .secondFactor:
            let setup = try await service.credentials.beginSecondFactor(current: Self.password, as: actor.person)
            let code = setup.password.code(of: OneTimePassword.step(at: clock.now))
            _ = try await service.credentials.switchSecondFactorOn(with: code, as: actor.person)
            return nil
        case .role:
            return try await service.members.change(self[name], to: .mentor, as: try await self.actor("amara"))
                .endedKeys
        case .removal:
            return try await service.members.remove(
                self[name], handingOverTo: nil, as: try await self.actor("amara")
            ).endedKeys
        case .leaving:
            return try await service.members.remove(self[name], handingOverTo: nil, as: actor).endedKeys
        }
    }
}
