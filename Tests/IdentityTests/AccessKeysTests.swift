import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct AccessKeysTests {
    @Test func `a key acts for its owner in one organisation, and says when it was used`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let clara = try await community.actor("clara", in: community.north)
            let made = try await community.desk.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24), as: clara)
            #expect(try await community.desk.keys.list(as: clara).map(\.lastUsedAt) == [nil])

            let known = try #require(try await community.desk.keys.holder(of: made.key))

            #expect(known.holder.user == community["clara"] && known.scopes == ["sessions:read"])
            #expect(try await community.desk.keys.list(as: clara).first?.lastUsedAt != nil)
            let program = Person(known.holder, address: nil)
            #expect(
                try await community.desk.organizations.current(
                    as: Actor(program, in: nil, roles: [.counselor])
                ).id == community.north)
            await #expect(throws: AccessError.notAMember) {
                try await community.desk.organizations.current(
                    as: Actor(program, in: community.south, roles: Role.allCases))
            }
        }
    }

    @Test func `the key itself is nowhere in the database`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let made = try await community.desk.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24),
                as: try await community.actor("clara"))

            let found = try await community.owner.row(
                "SELECT count(*) FROM sign_ins s WHERE s::text LIKE \("%" + made.key.suffix(20) + "%")", as: Int.self)

            #expect(found == 0)
        }
    }

    @Test func `a key that was ended, or never made, opens nothing`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let clara = try await community.actor("clara")
            let made = try await community.desk.keys.create(
                name: "Import", scopes: ["sessions:read"], lifetime: .hours(24), as: clara)
            let caspar = try await community.actor("caspar")
            await #expect(throws: SignInError.noSuchThing) { try await community.desk.keys.end(made.id, as: caspar) }

            try await community.desk.keys.end(made.id, as: clara)

            #expect(try await community.desk.keys.holder(of: made.key) == nil)
            #expect(try await community.desk.keys.holder(of: "cvk_made-up") == nil)
        }
    }

    @Test func `a super admin, who is no member, makes no key there`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)

            let root = try await community.actor("root", in: community.north)

            await #expect(throws: AccessError.notAMember) {
                try await community.desk.keys.create(
                    name: "All", scopes: ["sessions:read"], lifetime: .hours(1), as: root)
            }
        }
    }
}
