package import Postgres
package import Values

/// Who asks, in which organisation, and what they must be there for the answer to be yes.
package struct Actor: Sendable, Hashable {
    package let signIn: SignInID
    package let user: UserID
    /// `nil`: the only organisation that the person is a member of.
    package let organization: OrganizationID?
    /// The roles that may do what is being asked.
    package let roles: [Role]

    package init(signIn: SignInID, user: UserID, organization: OrganizationID?, roles: [Role]) {
        self.signIn = signIn
        self.user = user
        self.organization = organization
        self.roles = roles
    }
}

/// Why a person may not do what they asked for, whatever it was.
package enum AccessError: Error, Equatable {
    /// The sign-in has ended or run out.
    case signedOut
    /// The person is no member of the organisation, or of none.
    case notAMember
    /// The person has several organisations and named none.
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

/// The database as one actor sees it: each call enters the organisation and checks sign-in, membership and role in
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
        ActorDatabase(
            opening(
                with: "SELECT enter(\(actor.signIn), \(actor.user), \(actor.organization), \(actor.roles)::text[])"))
    }

    /// For what concerns the person alone, whatever organisation they are in: no tenant's row is visible.
    package func acting(asPerson user: UserID, signIn: SignInID) -> ActorDatabase {
        ActorDatabase(opening(with: "SELECT identify(\(signIn), \(user))"))
    }

    /// For somebody who has just proved who they are: only their own rows.
    func signingIn(_ user: UserID) -> ActorDatabase {
        ActorDatabase(opening(with: "SELECT set_config('app.user_id', \(user)::uuid::text, true)"))
    }

    /// Before anybody is known: only the functions that may look then.
    var beforeSigningIn: ActorDatabase { ActorDatabase(self) }
}

extension PostgresError {
    /// What this means to whoever asked, where it means something to them.
    package var explanation: (any Error)? {
        switch self {
        case .unavailable: DatabaseFailure.unavailable
        case .outcomeUnknown: DatabaseFailure.outcomeUnknown
        // The server has rolled it back.
        case .server where isPassing: DatabaseFailure.unavailable
        case .server, .decoding:
            switch refusal?.code {
            case "signed_out": AccessError.signedOut
            case "not_a_member": AccessError.notAMember
            case "organization_required": AccessError.organizationRequired
            case "forbidden": AccessError.forbidden
            default: nil
            }
        }
    }
}
