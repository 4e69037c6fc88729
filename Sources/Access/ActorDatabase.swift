package import Postgres
package import Values

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
    package func signingIn(_ user: UserID, from address: String? = nil) -> ActorDatabase {
        ActorDatabase(
            opening(
                with: """
                    SELECT set_config('app.user_id', \(user)::uuid::text, true),
                           set_config('app.address', coalesce(\(address), ''), true)
                    """))
    }

    /// Before anybody is known: only the functions that may look then.
    package var beforeSigningIn: ActorDatabase { ActorDatabase(self) }

    /// The same for what is written down, and so has to say where it came from.
    package func beforeSigningIn(from address: String?) -> ActorDatabase {
        ActorDatabase(opening(with: "SELECT set_config('app.address', coalesce(\(address), ''), true)"))
    }
}
