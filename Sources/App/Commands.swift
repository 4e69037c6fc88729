import Foundation
import Identity
import Logging
import Metrics
import Postgres
import PrivatePostgres
import Schema
import ServiceLifecycle
import Simulators
import Telemetry
import UnixSignals
package import Values
import Web

/// What the command line can ask for.
package enum Commands {
    /// For the very start of the process, while there is no other thread.
    package static func begin() {
        LibpqEnvironment.forget()
    }

    /// - Parameter flags: by the names of the environment variables that they stand for.
    package static func serve(flags: [String: String], build: BuildInfo) async throws {
        let settings = try Settings(flags: flags)
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = try logger(settings.logLevel)
        let listening = ListeningFile(in: settings.dataFolder, logger: logger)
        defer { listening.remove() }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        try await Assembly(settings, build: build, metrics: metrics, logger: logger).serve { started in
            let greeting = Greeting(of: started, build: build)
            // Where a terminal shows them beside the rest, they need not be in the log.
            if !isTerminal { for warning in greeting.warnings { logger.warning("\(warning)") } }
            print(isTerminal ? greeting.screen : greeting.lines)
            listening.announce(started.settings.localURL)
            fflush(nil)
        }
    }

    package static func simulate(port: Int, webhooksTo: String?) async throws {
        let logger = try logger("info")
        let server = SimulatorServer(port: port, webhooksTo: webhooksTo.flatMap(URL.init), logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        async let running: Void = group.run()
        print("Simulated providers are ready at http://127.0.0.1:\(try await server.port)")
        fflush(nil)
        try await running
    }

    package static func migrateUp(flags: [String: String]) async throws {
        try await onDatabase(flags, opening: DatabaseAccess.joinOrMake) { owner in
            let done = try await Migrator.bundled(on: owner).up()
            print(done.isEmpty ? "Nothing to do." : done.names.map { "up   \($0)" }.joined(separator: "\n"))
        }
    }

    package static func migrationStatus(flags: [String: String]) async throws {
        try await onDatabase(flags) { owner in
            let status = try await Migrator.bundled(on: owner).status()
            for step in status.applied { print("applied \(step.version) \(step.name)") }
            for name in status.missing.names { print("pending \(name)") }
        }
    }

    package static func verifyMigrations(flags: [String: String]) async throws {
        try await onAccess(flags, opening: DatabaseAccess.joinOrMake) { access, logger in
            try await access.withScratchDatabase(logger: logger) { owner in
                try await Migrator.bundled(on: owner).verify()
            }
            print("Up, down and up again: the same schema, and nothing left at the bottom.")
        }
    }

    /// - Returns: whether every invariant holds.
    package static func check(flags: [String: String]) async throws -> Bool {
        try await onAccess(flags) { access, logger in
            // A private PostgreSQL that this command has started is one that no server works with.
            let isServed = access.cluster == nil
            return try await access.asOwner(logger: logger) { owner in
                guard try await Migrator.bundled(on: owner).isUp() else {
                    print("The schema is older than this program: start the server, or run convene migrate up, first.")
                    return false
                }
                return try await report(onInvariantsOf: owner, whileServed: isServed)
            }
        }
    }

    /// - Parameter isServed: whether a server works with the database. What has waited for one while there was none is
    ///   late through nobody's fault, and goes on at the next start.
    static func report(onInvariantsOf owner: Database, whileServed isServed: Bool) async throws -> Bool {
        let bundled = try Invariants.bundled()
        let invariants = isServed ? bundled : bundled.ofWhatIsStored
        let violations = try await invariants.violations(in: owner)
        for violation in violations {
            print("\(violation.name) is broken: \(violation.promise)")
            for row in violation.rows { print("  \(row)") }
        }
        if violations.isEmpty { print("\(invariants.all.count) invariants hold.") }
        if case let left = bundled.all.count - invariants.all.count, left > 0 {
            print("\(left) more tell whether work is late, and can be asked while the server runs: convene check.")
        }
        return violations.isEmpty
    }

    package static func seed(flags: [String: String]) async throws {
        try await onDatabase(flags, opening: DatabaseAccess.joinOrMake) { owner in
            // Somebody's own data is not even brought to another schema.
            let isThere = try await owner.row("SELECT to_regclass('organizations') IS NOT NULL", as: Bool.self) == true
            let demo = DemoData(
                database: owner, clock: SystemClock(), hasSessions: try Settings(flags: flags).demoHasSessions)
            if isThere { _ = try await demo.isSeeded() }
            try await Migrator.bundled(on: owner).up()
            try await demo.seed()
            print("The demo's data is there.")
        }
    }

    typealias Opening = (Settings, Logger) async throws -> DatabaseAccess

    /// - Parameter opening: how to get at the database; by default it must be there.
    static func onDatabase<Value: Sendable>(
        _ flags: [String: String], opening: Opening = DatabaseAccess.join,
        _ work: @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        try await onAccess(flags, opening: opening) { access, logger in
            try await access.asOwner(logger: logger, work)
        }
    }

    static func onAccess<Value: Sendable>(
        _ flags: [String: String], opening: Opening = DatabaseAccess.join,
        _ work: (DatabaseAccess, Logger) async throws -> Value
    ) async throws -> Value {
        let settings = try Settings(flags: flags)
        let logger = try logger("warning")
        let access = try await opening(settings, logger)
        do {
            let value = try await work(access, logger)
            await access.cluster?.stop()
            return value
        } catch {
            await access.cluster?.stop()
            throw error
        }
    }

    private static func logger(_ level: String) throws -> Logger {
        guard let level = Logger.Level(rawValue: level.lowercased()) else {
            throw SettingsError(
                name: "CONVENE_LOG_LEVEL",
                expectation: "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let isRead = isatty(STDERR_FILENO) == 1
        LoggingSystem.bootstrap { label in
            var handler: any LogHandler = isRead ? TextLogHandler() : JSONLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "convene")
    }
}
