import Access
import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct AccessTests {
    /// Two organizations; Ada is a mentor in both, Ben an admin of the second alone.
    private struct World {
        let one = OrganizationID(at: .now), two = OrganizationID(at: .now)
        let ada = UserID(at: .now), ben = UserID(at: .now), root = UserID(at: .now)
        let adaSignIn = SignInID(at: .now), benSignIn = SignInID(at: .now), rootSignIn = SignInID(at: .now)

        var statements: [SQL] {
            [
                "INSERT INTO organizations (id, slug, name) VALUES (\(one), 'one', 'One'), (\(two), 'two', 'Two')",
                """
                INSERT INTO users (id, email, name, super_admin) VALUES (\(ada), 'ada@one.example', 'Ada', false),
                    (\(ben), 'ben@two.example', 'Ben', false), (\(root), 'root@platform.example', 'Root', true)
                """,
                """
                INSERT INTO memberships (organization_id, user_id, role)
                VALUES (\(one), \(ada), 'mentor'), (\(two), \(ada), 'mentor'), (\(two), \(ben), 'admin')
                """,
                """
                INSERT INTO sign_ins (id, user_id, medium, expires_at) SELECT id, person, 'browser', now() + interval '1 day'
                FROM unnest(\([adaSignIn, benSignIn, rootSignIn])::uuid[], \([ada, ben, root])::uuid[]) AS s (id, person)
                """,
            ]
        }
    }

    private func names(_ database: Database, as actor: Actor) async throws -> [String] {
        try await Members(database: database, observers: [], mailer: CapturedMail(), clock: SystemClock())
            .list(limit: 50, as: actor).items.map(\.name)
    }

    @Test func `a member of several organizations must name one, and sees that one`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            func ada(in organization: OrganizationID?) -> Actor {
                Actor(
                    Person(Principal(user: world.ada, signIn: world.adaSignIn), address: "192.0.2.1"),
                    in: organization, roles: Role.allCases)
            }

            await #expect(throws: AccessError.organizationRequired) { try await names(database.app, as: ada(in: nil)) }
            #expect(try await names(database.app, as: ada(in: world.one)) == ["Ada"])
            #expect(try await names(database.app, as: ada(in: world.two)) == ["Ada", "Ben"])
        }
    }

    @Test func `an organization of others is none`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let ben = Actor(
                Person(Principal(user: world.ben, signIn: world.benSignIn), address: "192.0.2.1"), in: world.one,
                roles: Role.allCases)

            await #expect(throws: AccessError.notAMember) { try await names(database.app, as: ben) }
        }
    }

    @Test func `somebody else's sign-in is none`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let ben = Actor(
                Person(Principal(user: world.ben, signIn: world.adaSignIn), address: "192.0.2.1"), in: nil,
                roles: Role.allCases)

            await #expect(throws: AccessError.signedOut) { try await names(database.app, as: ben) }
        }
    }

    @Test func `a role that was taken away is gone at the next request`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let ben = Actor(
                Person(Principal(user: world.ben, signIn: world.benSignIn), address: "192.0.2.1"), in: nil,
                roles: [.admin])
            #expect(try await names(database.app, as: ben) == ["Ada", "Ben"])

            try await database.owner.run("UPDATE memberships SET role = 'student' WHERE user_id = \(world.ben)")
            await #expect(throws: AccessError.forbidden) { try await names(database.app, as: ben) }

            try await database.owner.run("UPDATE memberships SET left_at = now() WHERE user_id = \(world.ben)")
            await #expect(throws: AccessError.notAMember) { try await names(database.app, as: ben) }
        }
    }

    @Test func `the platform's admin enters any organization, by name`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            func root(in organization: OrganizationID?) -> Actor {
                Actor(
                    Person(Principal(user: world.root, signIn: world.rootSignIn), address: "192.0.2.1"),
                    in: organization, roles: [.superAdmin])
            }

            #expect(try await names(database.app, as: root(in: world.two)) == ["Ada", "Ben"])
            await #expect(throws: AccessError.organizationRequired) { try await names(database.app, as: root(in: nil)) }
        }
    }

    @Test func `without having entered, nothing is seen`() async throws {
        try await withDatabase { database in
            try await database.owner.atomically(World().statements)

            #expect(try await database.app.rows("SELECT name FROM users", as: String.self) == [])
            #expect(try await database.app.rows("SELECT user_id FROM memberships", as: UserID.self) == [])
            #expect(try await database.app.rows("SELECT name FROM organizations", as: String.self) == [])
        }
    }
}
