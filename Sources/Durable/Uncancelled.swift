package import Postgres

extension Database {
    /// All of `statements` in one transaction, whatever becomes of the task: what a call to somebody else has brought is
    /// written down, and what was leased is given back, also by a server that is about to stop.
    package func uncancelled(_ statements: [SQL]) async throws(PostgresError) {
        let writing = Task { () async -> PostgresError? in
            do throws(PostgresError) {
                try await atomically(statements)
                return nil
            } catch {
                return error
            }
        }
        if let error = await writing.value { throw error }
    }
}
