import Foundation
package import Logging
package import Postgres
package import PrivatePostgres
import Schema
import ServiceLifecycle
package import Values

/// Where the database is: somebody's own, or a private PostgreSQL that is started for us.
package struct DatabaseAccess: Sendable {
    /// The owner's.
    package let url: String
    /// What must run for the database to be there.
    package let cluster: PrivateCluster?
    let logins: DatabaseLogins

    init(url: String, cluster: PrivateCluster?, logins: DatabaseLogins = .trusted) {
        self.url = url
        self.cluster = cluster
        self.logins = logins
    }

    /// Starts the private PostgreSQL when no other database is named.
    package static func open(_ settings: Settings, logger: Logger) async throws -> DatabaseAccess {
        if let url = settings.databaseURL {
            return DatabaseAccess(url: url, cluster: nil, logins: try DatabaseLogins(settings))
        }
        return try await start(settings, logger: logger)
    }

    /// There is no data where it was looked for.
    package struct Missing: Error, CustomStringConvertible {
        let folder: String
        package var description: String {
            "There is no Convene in \(folder): name its data folder with --data-dir, or its database with DATABASE_URL."
        }
    }

    /// For a command on what is there. When the server runs, its PostgreSQL is used.
    /// - Throws: ``Missing``
    package static func join(_ settings: Settings, logger: Logger) async throws -> DatabaseAccess {
        if settings.databaseURL == nil, !PrivateCluster.exists(in: settings.dataFolder) {
            throw Missing(folder: settings.dataFolder)
        }
        return try await joinOrMake(settings, logger: logger)
    }

    /// The same for a command that may be the first on an installation. Commands work as the owner alone.
    package static func joinOrMake(_ settings: Settings, logger: Logger) async throws -> DatabaseAccess {
        do {
            return try await alone(settings, logger: logger)
        } catch PrivateClusterError.folderInUse {
            return DatabaseAccess(url: PrivateCluster.address(inUseIn: settings.dataFolder), cluster: nil)
        }
    }

    /// The same for a command that may be the first, and does not go beside a server on the same folder.
    /// - Throws: ``PrivateClusterError/folderInUse(_:)``
    package static func alone(_ settings: Settings, logger: Logger) async throws -> DatabaseAccess {
        if let url = settings.databaseURL { return DatabaseAccess(url: url, cluster: nil) }
        return try await start(settings, logger: logger)
    }

    private static func start(_ settings: Settings, logger: Logger) async throws -> DatabaseAccess {
        let cluster = PrivateCluster(
            folder: settings.dataFolder,
            settings: ["max_connections": String(max(100, settings.connectionsInAll + 20))], logger: logger)
        return DatabaseAccess(url: try await cluster.start(), cluster: cluster)
    }

    /// Lends the owner's connection, without the limits on statements that requests have, and closes it after.
    @discardableResult
    package func asOwner<Value: Sendable>(
        logger: Logger, _ work: @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        var configuration = PoolConfiguration(url: url)
        configuration.size = 2
        configuration.statementTimeout = .zero
        configuration.roundTripTimeout = .zero
        configuration.lockTimeout = .seconds(60)
        configuration.idleInTransactionTimeout = .zero
        configuration.applicationName = "convene owner"
        _ = try await trial(of: configuration, from: "DATABASE_URL")
        let pool = Pool(configuration, clock: SystemClock(), logger: logger)
        do {
            let value = try await work(pool.database)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Lends an empty database beside ours, and drops it after.
    package func withScratchDatabase<Value: Sendable>(
        logger: Logger, _ work: @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        let name = "convene_scratch_\(getpid())"
        try await asOwner(logger: logger) {
            // Of our encoding, whatever the others have.
            try await $0.run(
                "CREATE DATABASE \(identifier: name) TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
            )
        }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(
                try await DatabaseAccess(url: address(of: name), cluster: nil).asOwner(logger: logger, work))
        } catch {
            outcome = .failure(error)
        }
        try await asOwner(logger: logger) { try await $0.run("DROP DATABASE \(identifier: name)") }
        return try outcome.get()
    }

    private func address(of database: String) -> String {
        guard url.contains("://"), var components = URLComponents(string: url) else {
            return url + " dbname=\(database)"
        }
        components.path = "/" + database
        return components.string ?? url
    }

    /// - Parameters:
    ///   - wait: how long a caller may wait for a connection.
    ///   - roundTrip: how long PostgreSQL may take to answer.
    package func pool(
        as role: String, size: Int, wait: Duration = .seconds(1), roundTrip: Duration = .seconds(5),
        clock: any WallClock, logger: Logger
    ) -> Pool {
        var configuration = connection(as: role)
        configuration.size = size
        configuration.wait = wait
        configuration.roundTripTimeout = roundTrip
        return Pool(configuration, clock: clock, logger: logger)
    }

    /// What `role` connects with.
    package func connection(as role: String) -> PoolConfiguration {
        var configuration = PoolConfiguration(url: logins.url(of: role) ?? url)
        configuration.role = role
        configuration.password = logins.password(of: role)
        configuration.applicationName = role
        return configuration
    }

    /// Makes one connection and closes it.
    /// - Throws: ``UnusableDatabase`` with a sentence that names `setting`.
    func trial(of configuration: PoolConfiguration, from setting: String) async throws -> ConnectionTrial {
        do {
            return try await ConnectionTrial(configuration)
        } catch {
            let reason = if case .unavailable(let reason) = error { reason } else { "\(error)" }
            throw UnusableDatabase(
                description: (cluster == nil ? "The database of \(setting)" : "The private PostgreSQL")
                    + " cannot be used: \(reason)")
        }
    }
}

/// Why the start ends here.
struct UnusableDatabase: Error, CustomStringConvertible {
    let description: String
}
