import Access
import Foundation
import Identity
import Postgres
import Values

/// The demo's people as those who book: its counselors and its admin, signed in.
struct DemoCast: Sendable {
    /// By the first part of their address.
    private let ids: [String: UserID]
    private let principals: [String: Principal]
    private let organization: OrganizationID
    private let identity: IdentityServices

    /// Somebody is not there any more, or in another organization.
    struct Missing: Error {
        let person: String
    }

    private struct Member: Decodable, Sendable {
        let id: UserID, email: String, organizationId: OrganizationID
    }

    /// Who has changed their password meanwhile books nothing.
    /// - Parameter owner: the database as its owner.
    init(_ owner: Database, _ identity: IdentityServices) async throws {
        let company = DemoCompany.northlight
        let members = try await owner.rows(
            """
            SELECT u.id, u.email, m.organization_id FROM users u JOIN memberships m ON m.user_id = u.id
            WHERE u.email = ANY (\(company.people.map(company.email))::text[]) AND m.left_at IS NULL
            """, as: Member.self)
        guard let organization = members.first(where: { $0.email.hasPrefix("admin@") })?.organizationId else {
            throw Missing(person: "admin")
        }
        ids = Dictionary(
            members.filter { $0.organizationId == organization }.map { (String($0.email.prefix { $0 != "@" }), $0.id) },
            uniquingKeysWith: { first, _ in first })
        var principals: [String: Principal] = [:]
        for person in company.people where [.admin, .counselor].contains(person.role) {
            do {
                principals[person.local] = try await identity.signIn.signIn(
                    email: company.email(of: person), password: DemoData.password, through: .program,
                    from: ClientInfo(address: nil, agent: "Convene demo")
                ).principal
            } catch SignInError.wrongCredentials {
                continue
            }
        }
        self.principals = principals
        self.organization = organization
        self.identity = identity
    }

    func id(_ person: String) throws -> UserID {
        guard let id = ids[person] else { throw Missing(person: person) }
        return id
    }

    func actor(_ person: String) throws -> Actor {
        guard let principal = principals[person] else { throw Missing(person: person) }
        return Actor(Person(principal, address: nil), in: organization, roles: [.counselor, .admin])
    }

    /// Signs out whoever was signed in, also when the server is to stop.
    func leave() async {
        await Task { for principal in principals.values { try? await identity.signIn.signOut(principal) } }.value
    }
}
