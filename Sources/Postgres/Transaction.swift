import Synchronization

/// A transaction that is open. Valid inside the closure that it was given to; afterward every call throws
/// ``PostgresError/unavailable(reason:)``.
package struct Transaction: Sendable {
    private final class Validity: Sendable {
        let hasEnded = Atomic<Bool>(false)
    }

    private let connection: Connection
    private let opening: [SQL]
    private let validity = Validity()

    init(on connection: Connection, opening: [SQL]) {
        self.connection = connection
        self.opening = opening
    }

    package func rows<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> [Row] {
        try await run([statement])[0].rows()
    }

    package func row<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> Row? {
        try await run([statement])[0].row()
    }

    @discardableResult
    package func run(_ statement: SQL) async throws(PostgresError) -> Int {
        try await run([statement])[0].count
    }

    /// Several statements in one round trip.
    @discardableResult
    package func run(_ statements: [SQL]) async throws(PostgresError) -> [SQLResult] {
        guard !statements.isEmpty else { return [] }
        try check()
        return try await connection.runUnlessCancelled(statements, after: opening)
    }

    /// As ``Database/script(_:)``, inside this transaction.
    package func script(_ text: String) async throws(PostgresError) {
        try check()
        try await connection.script(text, after: opening)
    }

    func end() {
        validity.hasEnded.store(true, ordering: .relaxed)
    }

    private func check() throws(PostgresError) {
        if validity.hasEnded.load(ordering: .relaxed) { throw .unavailable(reason: "the transaction has ended") }
    }
}
