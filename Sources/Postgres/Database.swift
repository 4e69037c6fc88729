/// A pool of connections to one PostgreSQL database under one role, and what every statement on it begins with.
///
/// Each call below is one round trip, except ``transaction(_:)``. A value is cheap to copy; copies share the pool.
///
/// A cancelled task gets ``PostgresError/unavailable(reason:)`` while it waits for a connection and
/// ``SQLState/queryCanceled`` from the server once its statement runs, unless the statement was faster. The COMMIT and
/// ROLLBACK of ``transaction(_:)`` are never cancelled.
package struct Database: Sendable {
    let pool: Pool
    /// Sent before the statements of every call, in the same round trip and the same transaction.
    let opening: SQL?

    /// The same pool, with `statement` at the start of every transaction: this is how a request's actor, and with it
    /// the organization whose rows it may see, is made known to row-level security.
    package func opening(with statement: SQL) -> Database {
        Database(pool: pool, opening: statement)
    }

    /// One statement in a transaction of its own.
    package func rows<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> [Row] {
        try await only(statement).rows()
    }

    /// The first row, if there is one.
    package func row<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> Row? {
        try await only(statement).row()
    }

    /// - Returns: how many rows the statement touched.
    @discardableResult
    package func run(_ statement: SQL) async throws(PostgresError) -> Int {
        try await only(statement).count
    }

    private func only(_ statement: SQL) async throws(PostgresError) -> SQLResult {
        try await atomically([statement])[0]
    }

    /// All of `statements` in one transaction and one round trip (libpq's pipeline mode): either every one of them
    /// took effect or none did. A deadlock or serialization failure is tried again, three times at most.
    /// - Returns: the results, one for each statement, without the opening's.
    @discardableResult
    package func atomically(_ statements: [SQL]) async throws(PostgresError) -> [SQLResult] {
        guard !statements.isEmpty else { return [] }
        var repeats = 0
        while true {
            let connection = try await pool.take()
            defer { pool.giveBack(connection) }
            do {
                return try await connection.runUnlessCancelled(statements, after: opening.map { [$0] } ?? [])
            } catch .server(let error) where error.state.asksForRepetition && repeats < Self.mostRepeats {
                repeats += 1
            }
        }
    }

    /// A transaction with decisions between its statements. `body` may run again after a deadlock or a serialization
    /// failure, three times at most, so it must do nothing but SQL.
    /// - Throws: what `body` throws, after a rollback; ``PostgresError/outcomeUnknown(reason:)`` when the connection
    ///   breaks, above all during COMMIT; 25P02 when `body` went on after a statement had failed.
    /// - Note: BEGIN and the opening travel with the first statement.
    @discardableResult
    package func transaction<Value: Sendable>(
        _ body: @Sendable (Transaction) async throws -> Value
    ) async throws -> Value {
        var repeats = 0
        while true {
            do {
                return try await attempt(body)
            } catch PostgresError.server(let error)
                where (error.state.asksForRepetition || error.state.saysStatementIsStale) && repeats < Self.mostRepeats
            {
                repeats += 1
            }
        }
    }

    private func attempt<Value: Sendable>(
        _ body: @Sendable (Transaction) async throws -> Value
    ) async throws -> Value {
        let connection = try await pool.take()
        let transaction = Transaction(on: connection, opening: ["BEGIN"] + (opening.map { [$0] } ?? []))
        defer { pool.giveBack(connection) }
        do {
            let value = try await body(transaction)
            transaction.end()
            try await connection.commit()
            return value
        } catch {
            transaction.end()
            await connection.rollBack()
            throw error
        }
    }

    /// Several statements in one text without parameters, from our own files and never from anybody's input: one
    /// transaction, unless the text says otherwise. Not cancelled with the task, and without a limit of our own.
    package func script(_ text: String) async throws(PostgresError) {
        let connection = try await pool.take()
        defer { pool.giveBack(connection) }
        try await connection.script(text)
    }

    /// What the server keeps of `password`, made here so that neither a statement nor a log has it.
    package func scramVerifier(of password: String, for role: String) async throws(PostgresError) -> String {
        let connection = try await pool.take()
        defer { pool.giveBack(connection) }
        return try await connection.scramVerifier(of: password, for: role)
    }

    private static let mostRepeats = 3
}

extension SQLState {
    var asksForRepetition: Bool { self == .serializationFailure || self == .deadlockDetected }
}
