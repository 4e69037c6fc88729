import Access
import Audit
import Durable
import Foundation
import Postgres
import TestSupport
import Values

/// One organization: Ada is a mentor in it and Ben its admin; Root is the platform's.
struct AuditWorld: Sendable {
    let organization = OrganizationID(at: .now)
    let ada = UserID(at: .now)
    let ben: Actor, mentor: Actor, root: Actor
    let audit: AuditLog
    private let worker: Database

    init(in database: TestDatabase) async throws {
        func person(_ user: UserID) -> Person {
            Person(Principal(user: user, signIn: SignInID(at: .now)), address: "192.0.2.1")
        }
        let people = [person(ada), person(UserID(at: .now)), person(UserID(at: .now))]
        mentor = Actor(people[0], in: nil, roles: [.superAdmin, .admin], isForPlatform: true)
        ben = Actor(people[1], in: nil, roles: [.superAdmin, .admin], isForPlatform: true)
        root = Actor(people[2], in: nil, roles: [.superAdmin, .admin], isForPlatform: true)
        audit = AuditLog(database: database.app)
        worker = database.worker
        try await database.owner.atomically([
            "INSERT INTO organizations (id, slug, name) VALUES (\(organization), 'one', 'One')",
            """
            INSERT INTO users (id, email, name, super_admin) VALUES (\(ada), 'ada@one.example', 'Ada', false),
                (\(people[1].user), 'ben@one.example', 'Ben', false),
                (\(people[2].user), 'root@platform.example', 'Root', true)
            """,
            """
            INSERT INTO memberships (organization_id, user_id, role)
            VALUES (\(organization), \(ada), 'mentor'), (\(organization), \(people[1].user), 'admin')
            """,
            """
            INSERT INTO sign_ins (id, user_id, medium, expires_at) SELECT id, person, 'browser', now() + interval '1 day'
            FROM unnest(\(people.map(\.signIn))::uuid[], \(people.map(\.user))::uuid[]) AS s (id, person)
            """,
        ])
    }

    func root(in organization: OrganizationID) -> Actor {
        Actor(root.person, in: organization, roles: root.roles, isForPlatform: true)
    }

    static func chain(_ database: Database) -> AuditChain {
        AuditChain(in: Background(database: database, clock: SystemClock(), logger: .quiet))
    }

    /// All that somebody sees, after what is committed was numbered.
    func entries(as actor: Actor) async throws -> [AuditLog.Entry] {
        await Self.chain(worker).drain()
        return try await audit.list(.init(), after: nil, limit: 10000, as: actor).items
    }
}
