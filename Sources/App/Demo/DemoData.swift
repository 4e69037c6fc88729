import Access
import Durable
import Foundation
import Identity
package import Postgres
package import Values
import Sessions
import Web

/// Whom the demo begins with: two organizations that see nothing of each other, their people, and contracts with hours to
/// spend. Sessions follow once the server runs (``DemoSessions``).
package struct DemoData: Sendable {
    package static let password = "convene-demo"

    let database: Database
    let clock: any WallClock
    let hasSessions: Bool

    /// - Parameters:
    ///   - database: the owner's.
    ///   - hasSessions: whether four weeks of sessions are to follow.
    package init(database: Database, clock: any WallClock, hasSessions: Bool) {
        self.database = database
        self.clock = clock
        self.hasSessions = hasSessions
    }

    /// The database holds somebody's real organizations.
    package struct NotEmpty: Error, CustomStringConvertible {
        package let description =
            "The database holds organizations that are not the demo's. Start without --demo, or name another data folder."
    }

    private static let root = DemoPerson(local: "root", name: "Robin Root", role: .superAdmin, timeZone: "UTC")
    private static let rootEmail = "root@platform.example"

    /// All of them, as the sign-in page offers them.
    static var accounts: [WebServer.DemoAccount] {
        DemoCompany.all.flatMap { company in
            company.people.map {
                WebServer.DemoAccount(
                    email: company.email(of: $0), password: password, name: $0.name, role: $0.role,
                    organization: company.name)
            }
        } + [
            WebServer.DemoAccount(
                email: rootEmail, password: password, name: root.name, role: root.role, organization: nil)
        ]
    }

    /// Whether the demo's people are there: their organizations may have been renamed since, and others founded.
    /// - Throws: ``NotEmpty``
    func isSeeded() async throws -> Bool {
        let isDemo = "SELECT EXISTS (SELECT FROM users WHERE email = \(Self.rootEmail))" as SQL
        if try await database.row(isDemo, as: Bool.self) == true { return true }
        guard try await database.row("SELECT count(*) FROM organizations", as: Int.self) == 0 else { throw NotEmpty() }
        return false
    }

    /// Idempotent.
    /// - Throws: ``NotEmpty``
    package func seed() async throws {
        guard try await !isSeeded() else { return }
        // One hash for all: they share the password, which is no secret.
        let hash = try await Passwords().hash(Self.password)
        var statements = [person(Self.root, UserID(at: clock.now), email: Self.rootEmail)]
        for company in DemoCompany.all { statements += self.company(company) }
        statements.append("INSERT INTO user_passwords (user_id, hash) SELECT id, \(hash) FROM users")
        if hasSessions { statements.append(DemoSessions.plan) }
        try await database.atomically(statements)
    }

    private func company(_ company: DemoCompany) -> [SQL] {
        let organization = OrganizationID(at: clock.now)
        // Billed since before the first session of the demo was booked.
        var statements: [SQL] = [
            """
            INSERT INTO organizations (id, slug, name, time_zone, billed_from)
            VALUES (\(organization), \(company.slug), \(company.name), \(company.timeZone), now() - interval '60 days')
            """
        ]
        for member in company.people {
            let user = UserID(at: clock.now)
            statements += [
                person(member, user, email: company.email(of: member)),
                """
                INSERT INTO memberships (organization_id, user_id, role) VALUES (\(organization), \(user), \(member.role))
                """,
            ]
            guard member.role == .student else { continue }
            for contract in DemoContract.all(of: member, hasSessions: hasSessions) {
                statements += self.contract(contract, of: user, in: organization)
            }
        }
        return statements
    }

    private func person(_ person: DemoPerson, _ id: UserID, email: String) -> SQL {
        """
        INSERT INTO users (id, email, name, time_zone, super_admin)
        VALUES (\(id), \(email), \(person.name), \(person.timeZone), \(person.role == .superAdmin))
        """
    }

    private func contract(_ contract: DemoContract, of student: UserID, in organization: OrganizationID) -> [SQL] {
        let id = UUID()
        let hours = contract.hours.sorted { $0.key.rawValue < $1.key.rawValue }
        return [
            """
            INSERT INTO contracts (id, organization_id, student_user_id, title, starts_on, ends_on)
            VALUES (\(id), \(organization), \(student), \(contract.title), current_date - 60,
                    current_date - 60 + \(contract.days)::int)
            """,
            """
            INSERT INTO contract_entitlements
                (id, organization_id, contract_id, student_user_id, service_type, unit_type, total)
            SELECT gen_random_uuid(), \(organization), \(id), \(student), service, 'hour', hours
            FROM unnest(\(hours.map(\.key))::text[], \(hours.map(\.value))::int[]) AS bought (service, hours)
            """,
        ]
    }
}
