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
import Values
import Web

/// What the command line can ask for.
package enum Commands {
    /// For the very start of the process, while there is no other thread.
    package static func begin() {
        LibpqEnvironment.forget()
    }

    /// - Parameter flags: by the names of the environment variables that they stand for.
    package static func serve(flags: [String: String]) async throws {
        let settings = try Settings(flags: flags)
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = try logger(settings.logLevel)
        try await Assembly(settings, metrics: metrics, logger: logger).serve { address in
            print("Convene is ready at \(address)")
            if settings.isDemo {
                print("Sign in as counselor@demo.example with the password \(DemoData.password)")
            }
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
        try await onDatabase(flags) { owner in
            let done = try await Migrator(try Migrator.bundled(), on: owner).up()
            print(
                done.isEmpty ? "Nothing to do." : done.map { "up   \($0.version) \($0.name)" }.joined(separator: "\n"))
        }
    }

    package static func migrateDown(to version: Int, flags: [String: String]) async throws {
        try await onDatabase(flags) { owner in
            let done = try await Migrator(try Migrator.bundled(), on: owner).down(to: version)
            print(
                done.isEmpty ? "Nothing to do." : done.map { "down \($0.version) \($0.name)" }.joined(separator: "\n"))
        }
    }

    package static func migrationStatus(flags: [String: String]) async throws {
        try await onDatabase(flags) { owner in
            let status = try await Migrator(try Migrator.bundled(), on: owner).status()
            for step in status.applied { print("applied \(step.version) \(step.name)") }
            for step in status.pending { print("pending \(step.version) \(step.name)") }
        }
    }

    package static func verifyMigrations(flags: [String: String]) async throws {
        try await onAccess(flags) { access, logger in
            try await access.withScratchDatabase(logger: logger) { owner in
                try await Migrator(try Migrator.bundled(), on: owner).verify()
            }
            print("Up, down and up again: the same schema, and nothing left at the bottom.")
        }
    }

    /// - Returns: whether every invariant holds.
    package static func check(flags: [String: String]) async throws -> Bool {
        try await onDatabase(flags) { owner in
            let invariants = try Invariants.bundled()
            let violations = try await invariants.violations(in: owner)
            for violation in violations {
                print("\(violation.name) is broken: \(violation.promise)")
                for row in violation.rows { print("  \(row)") }
            }
            if violations.isEmpty { print("\(invariants.all.count) invariants hold.") }
            return violations.isEmpty
        }
    }

    package static func seed(flags: [String: String]) async throws {
        try await onDatabase(flags) { owner in
            try await Migrator(try Migrator.bundled(), on: owner).up()
            try await DemoData(database: owner, clock: SystemClock()).seed()
            print("The demo's data is there.")
        }
    }

    /// Prints a link that makes a super admin of whoever has that address.
    package static func inviteSuperAdmin(_ email: String, flags: [String: String]) async throws {
        let settings = try Settings(flags: flags)
        guard email.contains("@"), email.utf8.count <= 254 else {
            throw SettingsError(name: "The address", expectation: "an e-mail address")
        }
        try await onDatabase(flags) { owner in
            try await Migrator(try Migrator.bundled(), on: owner).up()
            let link = try await Invitations.superAdmin(
                email, publicURL: settings.linkBase, in: owner, at: SystemClock().now)
            print("Open this within a week, once the server runs: \(link.absoluteString)")
        }
    }

    package static func openAPI() async throws {
        let settings = try Settings(flags: ["CONVENE_SIGNING_KEY": Data(count: 32).base64EncodedString()])
        let assembly = Assembly(settings, metrics: PrometheusMetrics(), logger: Logger(label: "convene"))
        print(try await assembly.openAPIDocument())
    }

    static func onDatabase<Value: Sendable>(
        _ flags: [String: String], _ work: @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        try await onAccess(flags) { access, logger in try await access.asOwner(logger: logger, work) }
    }

    private static func onAccess<Value: Sendable>(
        _ flags: [String: String], _ work: (DatabaseAccess, Logger) async throws -> Value
    ) async throws -> Value {
        let settings = try Settings(flags: flags)
        let logger = try logger("warning")
        let access = try await DatabaseAccess.join(settings, logger: logger)
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
        LoggingSystem.bootstrap { label in
            var handler = JSONLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "convene")
    }
}
