/// Finds out whether a pooler lends whole sessions or single transactions, which nothing tells.
///
/// While a second session holds a transaction open, the first must still be on the PostgreSQL process that it was on,
/// and the second on another. When transactions are lent, an idle session has no process of its own: mostly the second
/// gets the one that the first has just given back. Under load somebody else may get it, and then the first has to be
/// lucky to get it again; it is asked so often that luck runs out.
struct PoolerProbe {
    private static let rounds = 25

    /// - Parameter session: outside any transaction, and through a pooler.
    /// - Throws: ``PostgresError/sessionsAreShared``, or why there was no second session.
    static func check(_ session: LibpqConnection, _ settings: ConnectionSettings) throws(PostgresError) {
        var limited = settings
        limited.roundTripTimeout = .seconds(5)
        let companion = try LibpqConnection(limited, interruption: PollWakeup())
        do throws(PostgresError) {
            let own = try process(of: session)
            for _ in 1...rounds {
                _ = try companion.run(["BEGIN"])
                guard try process(of: companion) != own, try process(of: session) == own else {
                    throw PostgresError.sessionsAreShared
                }
                _ = try companion.run(["ROLLBACK"])
            }
        } catch .server(let error) where error.state == .duplicatePreparedStatement || error.state.saysStatementIsStale
        {
            throw .sessionsAreShared
        } catch .outcomeUnknown(let reason) {
            throw .unavailable(
                reason: "the pooler gives no second connection, or no transaction: \(companion.farewell ?? reason)")
        }
    }

    private static func process(of session: LibpqConnection) throws(PostgresError) -> Int? {
        try session.run(["SELECT pg_catalog.pg_backend_pid()"])[0].row()
    }
}
