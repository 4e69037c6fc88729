import Values

/// How a connection must stand before anybody gets it: under its role, in UTC, with its time-outs, and with every name
/// looked up in the schema public. All of it is set by a statement and read back in a transaction of its own, since a
/// pooler, or a setting of the role or the database, may have other ideas.
struct SessionState: Sendable {
    private let role: String?
    private let names: [String]
    private let values: [String]

    init(_ configuration: PoolConfiguration) {
        let settings = [
            ("TimeZone", "UTC"), ("DateStyle", "ISO, MDY"), ("IntervalStyle", "postgres"), ("bytea_output", "hex"),
            ("extra_float_digits", "1"), ("standard_conforming_strings", "on"), ("client_encoding", "UTF8"),
            ("application_name", configuration.applicationName),
            // "$user" would put our tables into a schema of the owner's name, if there is one.
            ("search_path", "public, pg_temp"),
            ("row_security", "on"), ("default_transaction_isolation", "read committed"),
            // Our statements find their rows by index whatever the values are; planning them anew for each set of
            // values cost as much again as running them (measured on a booking).
            ("plan_cache_mode", "force_generic_plan"),
            ("statement_timeout", configuration.statementTimeout.milliseconds),
            ("lock_timeout", configuration.lockTimeout.milliseconds),
            ("idle_in_transaction_session_timeout", configuration.idleInTransactionTimeout.milliseconds),
        ]
        role = configuration.role
        names = settings.map(\.0)
        values = settings.map(\.1)
    }

    private struct Seen: Decodable, Sendable {
        let currentRole: String, loginRole: String, isStrong: Bool, backend: Int32, settings: [String]
    }

    /// - Returns: whether a pooler stands between us and PostgreSQL.
    /// - Throws: ``PostgresError/unavailable(reason:)`` with a sentence for the operator.
    func take(_ session: LibpqConnection) throws(PostgresError) -> Bool {
        let set: [String]
        let seen: Seen?
        do {
            set = try session.run(
                [
                    """
                    SELECT pg_catalog.set_config(name, value, false)
                    FROM ROWS FROM (pg_catalog.unnest(\(names)::text[]), pg_catalog.unnest(\(values)::text[]))
                        WITH ORDINALITY AS x (name, value, place)
                    ORDER BY place
                    """
                ], isCancellable: false)[0].rows()
            seen = try session.run(
                [
                    """
                    SELECT current_user::text AS current_role, session_user::text AS login_role,
                           (SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = session_user)
                               AS is_strong,
                           pg_catalog.pg_backend_pid() AS backend,
                           ARRAY(SELECT pg_catalog.current_setting(name)
                                 FROM pg_catalog.unnest(\(names)::text[]) WITH ORDINALITY AS x (name, place)
                                 ORDER BY place) AS settings
                    """
                ], isCancellable: false)[0].row()
        } catch .server(let error) where error.state == .duplicatePreparedStatement {
            // In a session of our own nobody has prepared anything.
            throw .sessionsAreShared
        } catch .outcomeUnknown(let reason) {
            // A pooler lets everybody in, and says only now that PostgreSQL does not. There was no value to be told.
            throw .unavailable(reason: session.farewell ?? reason)
        }
        guard let seen else { throw .unavailable(reason: "PostgreSQL does not say how the connection stands") }
        try check(seen, set: set)
        return seen.backend != session.announcedBackend
    }

    private func check(_ seen: Seen, set: [String]) throws(PostgresError) {
        if let role {
            guard seen.loginRole == role, seen.currentRole == role else {
                throw .unavailable(
                    reason: """
                        the connection is \(seen.loginRole)'s and works as \(seen.currentRole), where \(role) is wanted: \
                        look for a pooler that logs in as somebody else, and for ALTER ROLE … SET role
                        """)
            }
            guard !seen.isStrong else {
                throw .unavailable(
                    reason: """
                        the role \(role) is a superuser or bypasses row-level security: ALTER ROLE \(role) NOSUPERUSER \
                        NOBYPASSRLS
                        """)
            }
        }
        for (name, (wanted, found)) in zip(names, zip(set, seen.settings)) where wanted != found {
            throw .unavailable(reason: "\(name) was set to \(wanted) and is \(found). \(PostgresError.sharing)")
        }
    }
}

extension PostgresError {
    fileprivate static let sharing = """
        A pooler lends single transactions, or sessions that others have used: set pool_mode = session and leave \
        server_reset_query as it is
        """

    /// What follows from session to session, or is another's, cannot be relied on.
    static let sessionsAreShared = PostgresError.unavailable(reason: sharing)
}

extension SQLState {
    static let duplicatePreparedStatement = SQLState(rawValue: "42P05")
}

extension Duration {
    fileprivate var milliseconds: String { String(Int64(saturating: self / .milliseconds(1))) }
}
