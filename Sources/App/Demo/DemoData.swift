import Access
import Foundation
import Identity
package import Postgres
package import Values
import Sessions
import Web

/// What the demo begins with: two organizations that see nothing of each other, their people, and contracts with
/// units to spend.
package struct DemoData: Sendable {
    package static let password = "convene-demo"

    let database: Database
    let clock: any WallClock

    /// - Parameter database: the owner's.
    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// The database holds somebody's real organizations.
    package struct NotEmpty: Error, CustomStringConvertible {
        package let description =
            "The database holds organizations that are not the demo's. Start without --demo, or name another data folder."
    }

    private struct Person {
        let local: String, name: String, role: Role, timeZone: String
    }

    private struct Company {
        let slug: String, name: String, timeZone: String, people: [Person]
    }

    private static let companies = [
        Company(
            slug: "demo", name: "Northlight Mentoring", timeZone: "Europe/Berlin",
            people: [
                Person(local: "admin", name: "Amara Okafor", role: .admin, timeZone: "Europe/Berlin"),
                Person(local: "counselor", name: "Clara Weiss", role: .counselor, timeZone: "Europe/Berlin"),
                Person(local: "counselor2", name: "Caspar Lind", role: .counselor, timeZone: "Europe/Stockholm"),
                Person(local: "mentor", name: "Mei Tanaka", role: .mentor, timeZone: "Asia/Tokyo"),
                Person(local: "mentor2", name: "Marco Rossi", role: .mentor, timeZone: "Europe/Rome"),
                Person(local: "student", name: "Sofia Petrova", role: .student, timeZone: "Europe/Sofia"),
                Person(local: "student2", name: "Sam Carter", role: .student, timeZone: "America/New_York"),
            ]),
        Company(
            slug: "rival", name: "Rival Academy", timeZone: "Asia/Shanghai",
            people: [
                Person(local: "admin", name: "Ada Rival", role: .admin, timeZone: "Asia/Shanghai"),
                Person(local: "counselor", name: "Cyrus Rival", role: .counselor, timeZone: "Asia/Shanghai"),
                Person(local: "counselor2", name: "Coco Rival", role: .counselor, timeZone: "Asia/Shanghai"),
                Person(local: "mentor", name: "Mina Rival", role: .mentor, timeZone: "Asia/Shanghai"),
                Person(local: "mentor2", name: "Milo Rival", role: .mentor, timeZone: "Asia/Shanghai"),
                Person(local: "student", name: "Sana Rival", role: .student, timeZone: "Asia/Shanghai"),
                Person(local: "student2", name: "Seth Rival", role: .student, timeZone: "Asia/Shanghai"),
            ]),
    ]

    /// Those of the first company, one of each role, as the sign-in page offers them.
    static var accounts: [WebServer.DemoAccount] {
        let people = companies.prefix(1).flatMap(\.people).filter { !$0.local.hasSuffix("2") }
        return people.sorted { $0.role == .counselor && $1.role != .counselor }.map {
            WebServer.DemoAccount(email: "\($0.local)@\(companies[0].slug).example", password: password, role: $0.role)
        }
    }

    /// Whether the demo's people are there: their organizations may have been renamed since, and others founded.
    /// - Throws: ``NotEmpty``
    func isSeeded() async throws -> Bool {
        let isDemo = "SELECT EXISTS (SELECT FROM users WHERE email = \(Self.root))" as SQL
        if try await database.row(isDemo, as: Bool.self) == true { return true }
        guard try await database.row("SELECT count(*) FROM organizations", as: Int.self) == 0 else { throw NotEmpty() }
        return false
    }

    private static let root = "root@platform.example"

    /// Idempotent.
    /// - Throws: ``NotEmpty``
    package func seed() async throws {
        guard try await !isSeeded() else { return }
        // One hash for all: they share the password, which is no secret.
        let hash = try await Passwords().hash(Self.password)
        let now = clock.now
        var statements: [SQL] = [
            person(
                UserID(at: now), email: Self.root, name: "Robin Root", timeZone: "UTC", superAdmin: true)
        ]
        for company in Self.companies {
            let organization = OrganizationID(at: now)
            statements.append(
                """
                INSERT INTO organizations (id, slug, name, time_zone, billed_from)
                VALUES (\(organization), \(company.slug), \(company.name), \(company.timeZone), now())
                """)
            for member in company.people {
                let user = UserID(at: now)
                statements.append(
                    person(
                        user, email: "\(member.local)@\(company.slug).example", name: member.name,
                        timeZone: member.timeZone, superAdmin: false))
                statements.append(
                    """
                    INSERT INTO memberships (organization_id, user_id, role)
                    VALUES (\(organization), \(user), \(member.role))
                    """)
                if member.role == .student { statements += contract(of: user, in: organization) }
            }
        }
        statements.append("INSERT INTO user_passwords (user_id, hash) SELECT id, \(hash) FROM users")
        try await database.atomically(statements)
    }

    private func person(_ id: UserID, email: String, name: String, timeZone: String, superAdmin: Bool) -> SQL {
        """
        INSERT INTO users (id, email, name, time_zone, super_admin)
        VALUES (\(id), \(email), \(name), \(timeZone), \(superAdmin))
        """
    }

    private func contract(of student: UserID, in organization: OrganizationID) -> [SQL] {
        let contract = UUID()
        return [
            """
            INSERT INTO contracts (id, organization_id, student_user_id, title, starts_on)
            VALUES (\(contract), \(organization), \(student), 'Demo contract', current_date - 30)
            """,
            """
            INSERT INTO contract_entitlements
                (id, organization_id, contract_id, student_user_id, service_type, unit_type, total)
            SELECT gen_random_uuid(), \(organization), \(contract), \(student), service, 'hour', 100000
            FROM unnest(\(SessionKind.allCases.filter(\.isBillable))::text[]) AS service
            """,
        ]
    }
}
