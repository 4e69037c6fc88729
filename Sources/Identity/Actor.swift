package import Postgres
package import Values

/// Somebody who has signed in, and where their request comes from.
package struct Person: Sendable, Hashable {
    package let user: UserID
    package let signIn: SignInID
    /// The IP address; `nil` where it is not known.
    package let address: String?

    package init(_ principal: Tokens.Principal, address: String?) {
        user = principal.user
        signIn = principal.signIn
        self.address = address
    }
}

/// Who asks, in which organization, and what they must be there for the answer to be yes.
package struct Actor: Sendable, Hashable {
    package let person: Person
    /// `nil`: the only organization that the person is a member of.
    package let organization: OrganizationID?
    /// The roles that may do what is being asked.
    package let roles: [Role]
    /// Whether a super admin who names no organization may ask it of all of them.
    package let isForPlatform: Bool

    package var user: UserID { person.user }

    package init(_ person: Person, in organization: OrganizationID?, roles: [Role], isForPlatform: Bool = false) {
        self.person = person
        self.organization = organization
        self.roles = roles
        self.isForPlatform = isForPlatform
    }
}

extension Actor {
    /// Keeps the caller in the organization and in their role until the transaction ends, for what must not be left
    /// behind by somebody who is just being taken out. Refuses when that has happened meanwhile.
    static let staysAsTheyAre: SQL = """
        WITH own AS MATERIALIZED (
            SELECT m.role, m.left_at FROM memberships m
            WHERE m.organization_id = app_org_id() AND m.user_id = app_user_id() FOR SHARE OF m)
        SELECT refuse('forbidden') FROM own
        HAVING app_role() <> 'super_admin' AND bool_or(left_at IS NULL AND role = app_role()) IS NOT TRUE
        """
}

/// Why a person may not do what they asked for, whatever it was.
package enum AccessError: Error, Equatable {
    /// The sign-in has ended or run out.
    case signedOut
    /// The password was right, and the second factor has not been shown yet.
    case secondFactorRequired
    /// The person is no member of the organization, or of none.
    case notAMember
    /// The person has several organizations and named none.
    case organizationRequired
    /// Their role there does not allow it.
    case forbidden
}

/// The database cannot answer now.
package enum DatabaseFailure: Error, Equatable {
    /// Nothing was done; asking again is safe.
    case unavailable
    /// Whether it was done is not known. A request with an `Idempotency-Key` may be sent again.
    case outcomeUnknown
}

/// The database as one actor sees it: each call enters the organization and checks sign-in, membership and role in
/// the round trip that does the work, so what was taken away a moment ago is gone already.
///
/// The calls are those of ``Postgres/Database``.
/// - Throws: ``AccessError`` and ``DatabaseFailure`` where those are the cause, else `PostgresError`.
package struct ActorDatabase: Sendable {
    private let database: Database

    package func rows<Row: Decodable & Sendable>(_ statement: SQL, as type: Row.Type = Row.self) async throws -> [Row] {
        try await explained { () async throws(PostgresError) in try await database.rows(statement, as: type) }
    }

    package func row<Row: Decodable & Sendable>(_ statement: SQL, as type: Row.Type = Row.self) async throws -> Row? {
        try await explained { () async throws(PostgresError) in try await database.row(statement, as: type) }
    }

    @discardableResult
    package func run(_ statement: SQL) async throws -> Int {
        try await explained { () async throws(PostgresError) in try await database.run(statement) }
    }

    @discardableResult
    package func atomically(_ statements: [SQL]) async throws -> [SQLResult] {
        try await explained { () async throws(PostgresError) in try await database.atomically(statements) }
    }

    package func transaction<Value: Sendable>(
        _ body: @Sendable (Transaction) async throws -> Value
    ) async throws -> Value {
        do {
            return try await database.transaction(body)
        } catch let error as PostgresError {
            throw error.explanation ?? error
        }
    }

    private func explained<Value>(_ work: () async throws(PostgresError) -> Value) async throws -> Value {
        do {
            return try await work()
        } catch {
            throw error.explanation ?? error
        }
    }

    fileprivate init(_ database: Database) { self.database = database }
}

extension Database {
    package func acting(as actor: Actor) -> ActorDatabase {
        let roles = actor.roles.map(\.rawValue) + (actor.isForPlatform ? ["platform"] : [])
        return ActorDatabase(
            opening(
                with: """
                    SELECT enter(\(actor.person.signIn), \(actor.user), \(actor.organization), \(roles)::text[],
                                 \(actor.person.address))
                    """))
    }

    /// For what concerns the person alone, whatever organization they are in: no tenant's row is visible.
    package func acting(as person: Person) -> ActorDatabase {
        ActorDatabase(opening(with: "SELECT identify(\(person.signIn), \(person.user), \(person.address))"))
    }

    /// For somebody who has just proved who they are: only their own rows.
    func signingIn(_ user: UserID, from address: String? = nil) -> ActorDatabase {
        ActorDatabase(
            opening(
                with: """
                    SELECT set_config('app.user_id', \(user)::uuid::text, true),
                           set_config('app.address', coalesce(\(address), ''), true)
                    """))
    }

    /// Before anybody is known: only the functions that may look then.
    var beforeSigningIn: ActorDatabase { ActorDatabase(self) }

    /// The same for what is written down, and so has to say where it came from.
    func beforeSigningIn(from address: String?) -> ActorDatabase {
        ActorDatabase(opening(with: "SELECT set_config('app.address', coalesce(\(address), ''), true)"))
    }
}

extension PostgresError {
    /// What this means to the caller, where it means something to them.
    package var explanation: (any Error)? {
        switch self {
        case .unavailable: DatabaseFailure.unavailable
        case .outcomeUnknown: DatabaseFailure.outcomeUnknown
        // The server has rolled it back.
        case .server where isPassing: DatabaseFailure.unavailable
        // Its key was retired between the sealing and the writing; sealed again it is taken.
        case .server(let error) where error.constraint == "sealed_with_a_key_in_use": DatabaseFailure.unavailable
        case .server, .decoding:
            switch refusal?.code {
            case "signed_out": AccessError.signedOut
            case "second_factor_required": AccessError.secondFactorRequired
            case "not_a_member": AccessError.notAMember
            case "organization_required": AccessError.organizationRequired
            case "forbidden": AccessError.forbidden
            default: nil
            }
        }
    }
}
