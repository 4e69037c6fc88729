import Access
import Foundation
import Identity
import Postgres
import Secrets
import Synchronization
import TestSupport
import Values

/// Two organizations, some of their people, and all that Identity does, on a database of one test's own.
struct IdentityFixture: Sendable {
    static let password = "correct horse battery"
    static let origin = ClientInfo(address: "192.0.2.1", agent: "tests")

    let owner: Database
    let service: IdentityServices
    let mails = CapturedMail()
    /// Stands at the real time until it is moved: the database's own clock decides when sign-ins end.
    let clock = TestClock(now: Date())
    let north = OrganizationID(at: .now), south = OrganizationID(at: .now)
    private let ids: [String: UserID]

    private static let members: [(name: String, organization: String, role: Role)] = [
        ("amara", "north", .admin), ("clara", "north", .counselor), ("caspar", "north", .counselor),
        ("mei", "north", .mentor), ("sofia", "north", .student), ("ada", "south", .admin), ("seth", "south", .student),
    ]
    private static let hash = Task { try await Passwords().hash(password) }

    init(
        _ database: TestDatabase, isOpen: Bool = true, sendsMail: Bool = true,
        observers: [any MembershipObserver] = []
    ) async throws {
        owner = database.owner
        ids = Dictionary(uniqueKeysWithValues: (Self.members.map(\.name) + ["root"]).map { ($0, UserID(at: .now)) })
        service = IdentityServices(
            database: database.app, tokens: await Tokens(secret: Data(repeating: 7, count: 32), clock: clock),
            passwordRules: PasswordRules(common: ["password", "letmein"]), secrets: SecretBox(KeyRing(.random())),
            observers: observers, mailer: sendsMail ? mails : NoMailServer(), publicURL: URL(filePath: "/"),
            isOpen: isOpen, clock: clock)
        try await owner.atomically(statements(hash: try await Self.hash.value))
    }

    private func statements(hash: String) -> [SQL] {
        var statements: [SQL] = [
            """
            INSERT INTO organizations (id, slug, name)
            VALUES (\(north), 'north', 'Northlight'), (\(south), 'south', 'Southbank')
            """
        ]
        for (name, id) in ids {
            statements.append(
                """
                INSERT INTO users (id, email, name, super_admin)
                VALUES (\(id), \(Self.address(of: name)), \(name.capitalized), \(name == "root"))
                """)
            statements.append("INSERT INTO user_passwords (user_id, hash) VALUES (\(id), \(hash))")
        }
        for member in Self.members {
            statements.append(
                """
                INSERT INTO memberships (organization_id, user_id, role)
                VALUES (\(member.organization == "north" ? north : south), \(self[member.name]), \(member.role))
                """)
        }
        return statements
    }

    static func address(of name: String) -> String { "\(name)@people.example" }

    subscript(name: String) -> UserID { ids[name] ?? UserID(at: .distantPast) }

    /// Signed in as if by password, without the time that a password takes.
    func person(_ name: String) async throws -> Person {
        let signIn = SignInID(at: clock.now)
        try await owner.run(
            """
            INSERT INTO sign_ins (id, user_id, medium, created_at, expires_at)
            VALUES (\(signIn), \(self[name]), 'browser', \(clock.now), now() + interval '1 day')
            """)
        return Person(Principal(user: self[name], signIn: signIn), address: "192.0.2.1")
    }

    func actor(
        _ name: String, in organization: OrganizationID? = nil, roles: [Role] = Role.allCases,
        isForPlatform: Bool = false
    ) async throws -> Actor {
        Actor(try await person(name), in: organization, roles: roles, isForPlatform: isForPlatform)
    }

    func signIn(
        _ name: String, password: String = password, code: String? = nil, through medium: Tokens.Medium = .browser,
        from address: String = "192.0.2.1"
    ) async throws -> SignInService.IssuedTokens {
        try await service.signIn.signIn(
            email: Self.address(of: name), password: password, code: code, through: medium,
            from: ClientInfo(address: address, agent: nil))
    }
}

/// Mails as they were posted, whether or not their transaction was committed.
final class CapturedMail: AccountMailer {
    struct Kept: Sendable {
        let mail: AccountMail
        let address: String
    }
    private let kept = Mutex<[Kept]>([])

    var all: [Kept] { kept.withLock { $0 } }

    /// The token in the link of the last one.
    var lastToken: String {
        let link: URL? =
            switch all.last?.mail {
            case .invitation(_, _, _, let link, _, _), .signInLink(let link, _), .accountExists(let link): link
            case .unfamiliarSignIn, .passwordChanged, .secondFactorChanged, .removed, nil: nil
            }
        let items = link.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: false)?.queryItems }
        return items?.first { $0.name == "token" }?.value ?? ""
    }

    var delivers: Bool { true }

    func post(_ mail: AccountMail, to address: String, of organization: OrganizationID?) async throws -> SQL {
        kept.withLock { $0.append(Kept(mail: mail, address: address)) }
        return "SELECT 1"
    }
}

extension EmailAddress: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        guard let address = try? EmailAddress(value) else { preconditionFailure("\(value) is no address") }
        self = address
    }
}
