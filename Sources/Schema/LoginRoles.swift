import Foundation
package import Postgres

/// The roles that requests and background work log in as. They are members of nothing: no SET ROLE leads anywhere.
package enum LoginRole: String, Sendable, CaseIterable {
    case app = "convene_app"
    case worker = "convene_worker"
}

/// Lets the roles log in. They belong to the whole cluster, so another installation may have them too: a comment on the
/// role says whose password it has.
package struct LoginRoles: Sendable {
    /// What the owner says of itself in that comment.
    package struct Claim: Sendable {
        let database: String
        let fingerprint: String

        package init(database: String, fingerprint: String) {
            self.database = database
            self.fingerprint = fingerprint
        }

        private static let beginning = "The password is that of the Convene in the database "

        var comment: String { "\(Self.beginning)'\(database)' with the signing key \(fingerprint)" }

        /// The database that a comment names.
        static func database(in comment: String?) -> String? {
            guard let comment, comment.hasPrefix(beginning) else { return nil }
            let rest = comment.dropFirst(beginning.count + 1)
            return rest.range(of: "' with the signing key ", options: .backwards).map { String(rest[..<$0.lowerBound]) }
        }
    }

    private let owner: Database

    package init(owner: Database) {
        self.owner = owner
    }

    private struct State: Decodable, Sendable {
        let canLogIn: Bool, comment: String?, isInUse: Bool
    }

    /// Lets the roles into our database where not everybody may come in.
    package func admit() async throws {
        try await owner.script(
            """
            DO $$ DECLARE role text; BEGIN
                FOREACH role IN ARRAY ARRAY['convene_app', 'convene_worker'] LOOP
                    IF NOT has_database_privilege(role, current_database(), 'CONNECT') THEN
                        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
                    END IF;
                END LOOP;
            END $$
            """)
    }

    /// Where nobody is asked for a password.
    package func open() async throws {
        for role in LoginRole.allCases {
            try await owner.transaction { tx in
                try await tx.run(Self.lock)
                let state = try await Self.state(of: role, in: tx)
                if state.canLogIn { return }
                try await tx.script("ALTER ROLE \(role.rawValue) LOGIN")
            }
        }
    }

    /// Gives `role` a password, unless it has one that is not ours to change.
    /// - Throws: ``LoginRoleTaken``
    package func give(_ password: String, to role: LoginRole, as claim: Claim) async throws {
        let verifier = try await owner.scramVerifier(of: password, for: role.rawValue)
        try await owner.transaction { tx in
            try await tx.run(Self.lock)
            let state = try await Self.state(of: role, in: tx)
            if state.canLogIn { try await Self.check(state, of: role, claim, in: tx) }
            try await tx.run(
                """
                SELECT set_config('convene.role', \(role.rawValue), true), set_config('convene.verifier', \(verifier), true),
                       set_config('convene.claim', \(claim.comment), true)
                """)
            try await tx.script(
                """
                DO $$ BEGIN
                    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', current_setting('convene.role'),
                                   current_setting('convene.verifier'));
                    EXECUTE format('COMMENT ON ROLE %I IS %L', current_setting('convene.role'),
                                   current_setting('convene.claim'));
                END $$
                """)
        }
    }

    private static func check(_ state: State, of role: LoginRole, _ claim: Claim, in tx: Transaction) async throws {
        guard let database = Claim.database(in: state.comment) else {
            throw LoginRoleTaken.bySomebody(role: role.rawValue)
        }
        if database == claim.database {
            // The signing key was changed, or another process of ours has another one: then it is at work.
            guard state.comment == claim.comment || !state.isInUse else {
                throw LoginRoleTaken.byOtherKey(role: role.rawValue)
            }
        } else if try await tx.row("SELECT count(*) FROM pg_database WHERE datname = \(database)", as: Int.self) == 1 {
            throw LoginRoleTaken.byOtherInstallation(role: role.rawValue, database: database)
        }
    }

    private static func state(of role: LoginRole, in tx: Transaction) async throws -> State {
        let state: State? = try await tx.row(
            """
            SELECT rolcanlogin AS can_log_in, shobj_description(oid, 'pg_authid') AS comment,
                   EXISTS (SELECT FROM pg_stat_activity a
                           WHERE a.usename = \(role.rawValue) AND a.datname = current_database()) AS is_in_use
            FROM pg_roles WHERE rolname = \(role.rawValue)
            """)
        guard let state else { throw LoginRoleTaken.missing(role: role.rawValue) }
        return state
    }

    /// Two processes that start at once change a role one after the other.
    private static let lock: SQL = "SELECT pg_advisory_xact_lock(hashtext('convene login roles'))"
}

/// A role's password is not ours to change.
package enum LoginRoleTaken: Error, Equatable, CustomStringConvertible {
    case missing(role: String)
    case bySomebody(role: String)
    case byOtherKey(role: String)
    case byOtherInstallation(role: String, database: String)

    package var description: String {
        let remedy = """
            set CONVENE_DATABASE_APP_URL and CONVENE_DATABASE_WORKER_URL, with passwords that you give convene_app and \
            convene_worker yourself
            """
        return switch self {
        case .missing(let role):
            "The role \(role) is gone: create it, or restore the database into a cluster that has it."
        case .bySomebody(let role): "Somebody gave the role \(role) a password that Convene does not know: \(remedy)."
        case .byOtherKey(let role):
            """
            Another process logs in as \(role) with a password that follows from another signing key: give every process \
            the same CONVENE_SIGNING_KEY, or stop them all first when the key is to change.
            """
        case .byOtherInstallation(let role, let database):
            """
            The role \(role) belongs to the Convene in the database '\(database)' of the same PostgreSQL, and has the \
            password of that one: for both, \(remedy).
            """
        }
    }
}
