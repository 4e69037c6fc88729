import Foundation
import Logging
import Postgres
import Schema
import Secrets

/// How requests and background work log in, who are not the owner.
enum DatabaseLogins: Sendable {
    /// Whoever reaches the private PostgreSQL's socket is let in.
    case trusted
    /// With passwords that follow from the signing key, which all processes of an installation have. The owner sets them.
    case derived(from: Data)
    /// As somebody arranged it by hand.
    case given(app: String, worker: String)

    init(_ settings: Settings) throws {
        if let urls = settings.databaseLoginURLs {
            self = .given(app: urls.app, worker: urls.worker)
        } else {
            self = .derived(from: try settings.signingKey ?? SigningKey.load(from: settings.dataFolder))
        }
    }

    func url(of role: String) -> String? {
        guard case .given(let app, let worker) = self else { return nil }
        return role == LoginRole.worker.rawValue ? worker : app
    }

    func password(of role: String) -> String? {
        guard case .derived(let key) = self else { return nil }
        return DerivedKey(from: key, for: "convene password of \(role)").password
    }

    /// The setting to look at when `role` cannot log in.
    fileprivate func setting(of role: LoginRole) -> String {
        switch self {
        case .trusted, .derived: "DATABASE_URL"
        case .given: role == .app ? "CONVENE_DATABASE_APP_URL" : "CONVENE_DATABASE_WORKER_URL"
        }
    }
}

extension DatabaseAccess {
    /// Sees to it that requests and background work can log in, and that PostgreSQL has room for all our connections.
    /// For the start, once the schema is there.
    func openLogins(_ owner: Database, for settings: Settings) async throws {
        try await LoginRoles(owner: owner).admit()
        if case .trusted = logins { try await LoginRoles(owner: owner).open() }
        var isPooled = false
        for role in LoginRole.allCases {
            isPooled = try await login(of: role, owner).isPooled || isPooled
        }
        // A pooler has few connections for many clients.
        if !isPooled { try await owner.requireRoom(for: settings) }
    }

    private func login(of role: LoginRole, _ owner: Database) async throws -> ConnectionTrial {
        let configuration = connection(as: role.rawValue)
        let setting = logins.setting(of: role)
        guard case .derived(let key) = logins, let password = configuration.password else {
            return try await trial(of: configuration, from: setting)
        }
        // What works is left alone: setting a password anew would lock out anyone who has another.
        if let works = try? await ConnectionTrial(configuration) { return works }
        let database = try await owner.row("SELECT current_database()::text", as: String.self) ?? ""
        let fingerprint = DerivedKey(from: key, for: "convene signing key").fingerprint
        do {
            try await LoginRoles(owner: owner).give(
                password, to: role, as: LoginRoles.Claim(database: database, fingerprint: fingerprint))
        } catch PostgresError.server(let error) where error.state.rawValue == "42501" {
            throw UnusableDatabase(
                description: """
                    \(role.rawValue) cannot log in, and the owner may not give it a password (\(error.message)): ALTER ROLE \
                    … CREATEROLE for the owner, or set CONVENE_DATABASE_APP_URL and CONVENE_DATABASE_WORKER_URL.
                    """)
        }
        do {
            return try await trial(of: configuration, from: setting)
        } catch let error as UnusableDatabase {
            throw UnusableDatabase(
                description: """
                    \(error). Convene logs in as convene_app and convene_worker, with passwords of its own: pg_hba.conf, \
                    or a pooler, must let them in, or set CONVENE_DATABASE_APP_URL and CONVENE_DATABASE_WORKER_URL.
                    """)
        }
    }
}

extension Database {
    /// - Throws: ``UnusableDatabase`` when PostgreSQL allows fewer connections than we make.
    fileprivate func requireRoom(for settings: Settings) async throws {
        let room = try await row(
            """
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - coalesce(current_setting('reserved_connections', true)::int, 0)
            """, as: Int.self)
        guard let room, room < settings.connectionsInAll else { return }
        throw UnusableDatabase(
            description: """
                CONVENE_DATABASE_CONNECTIONS=\(settings.databaseConnections) makes up to \(settings.connectionsInAll) \
                connections in all, and this PostgreSQL allows \(room): lower it, or raise max_connections.
                """)
    }
}
