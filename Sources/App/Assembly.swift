import Durable
import Foundation
import HTTP
import Hummingbird
import Identity
package import Logging
import Metrics
import Notifications
import Postgres
import PrivatePostgres
import Schema
import Secrets
import ServiceLifecycle
import Simulators
package import Telemetry
import UnixSignals
package import Values
import Web

/// Puts the server together and runs it. What there is of each context stands in `Contexts`.
package struct Assembly: Sendable {
    private(set) var settings: Settings
    private let build: BuildInfo
    let logger: Logger
    private let metrics: PrometheusMetrics
    private var passwordRules: PasswordRules?
    private let clock = SystemClock()

    package init(_ settings: Settings, build: BuildInfo, metrics: PrometheusMetrics, logger: Logger) {
        self.settings = settings
        self.build = build
        self.metrics = metrics
        self.logger = logger
    }

    /// What there is to tell of a server that answers.
    package struct Started: Sendable {
        /// With the port that was taken.
        let settings: Settings
        /// Makes the first account and organization; `nil` in a demo, and once somebody looks after the platform.
        let setUpLink: URL?
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter ready: told once it answers.
    package func serve(ready: @escaping @Sendable (Started) -> Void) async throws {
        var assembly = self
        // What can be wrong with the settings is said before a database comes up for nothing.
        if settings.roles.contains(.web) {
            assembly.settings.port = try ListeningAddress(host: settings.host, port: settings.port).reserve()
            assembly.passwordRules = try settings.passwordRules()
        }
        try await assembly.start(ready: ready)
    }

    private func start(ready: @escaping @Sendable (Started) -> Void) async throws {
        logger.info("convene starts", metadata: ["version": "\(build.version)", "commit": "\(build.commit)"])
        let access = try await DatabaseAccess.open(settings, logger: logger)
        do {
            let started = Started(settings: settings, setUpLink: try await prepare(access))
            try await run(access) { ready(started) }
        } catch {
            await access.cluster?.stop()
            throw error
        }
    }

    /// - Returns: the link that sets up an installation that nobody has set up.
    private func prepare(_ access: DatabaseAccess) async throws -> URL? {
        try await access.asOwner(logger: logger) { owner in
            try await owner.requireDurableWrites()
            let applied = try await Migrator.bundled(on: owner).up().names
            if !applied.isEmpty {
                logger.info("schema", metadata: ["applied": "\(applied.joined(separator: ", "))"])
            }
            try await access.openLogins(owner, for: settings)
            try await KeyCheck(try settings.secretBox, in: owner)()
            if settings.isDemo {
                try await DemoData(database: owner, clock: clock, hasSessions: settings.demoHasSessions).seed()
            }
            guard !settings.isDemo, settings.roles.contains(.web) else { return nil }
            return try await SetUp.link(publicURL: settings.linkBase, in: owner, at: clock.now)
        }
    }

    private func run(_ access: DatabaseAccess, ready: @escaping @Sendable () -> Void) async throws {
        let pools = Pools(access, settings: settings, clock: clock, logger: logger)
        let dependencies = Dependencies(
            settings: settings, requests: pools.requests.database,
            background: Background(database: pools.work.database, clock: clock, logger: logger),
            secretBox: try settings.secretBox)
        let simulators = settings.isDemo && settings.simulatorsURL == nil ? SimulatorServer(logger: logger) : nil
        let simulation = simulators.map { server in Task { try await server.run() } }
        defer { simulation?.cancel() }
        let contexts = try Contexts(
            dependencies, simulators: try await address(of: simulators),
            listeningOn: access.connection(as: "convene_worker"))

        var services: [any Service] = []
        if settings.roles.contains(.worker) { services += try await work(contexts, dependencies, access) }
        if settings.roles.contains(.web) {
            services += [
                contexts.notifications.live,
                try await web(contexts, dependencies, probes: pools.probes.database, ready: ready),
            ]
        }
        observe(contexts, pools)
        try await serve(services, above: (access.cluster.map { [$0] } ?? []) + pools.all)
    }

    /// What works while nobody waits.
    private func work(
        _ contexts: Contexts, _ dependencies: Dependencies, _ access: DatabaseAccess
    ) async throws -> [any Service] {
        let services = try await contexts.services()
        guard settings.isDemo else { return services }
        let people = await contexts.identity.requestServices(
            signingKey: try signingKey(), rules: PasswordRules(common: []))
        let sessions = DemoSessions(access: access, dependencies: dependencies, identity: people.identity)
        return [DemoWork(sessions: sessions, services: services, logger: logger)]
    }

    private func signingKey() throws -> Data {
        try settings.signingKey ?? SigningKey.load(from: settings.dataFolder)
    }

    /// Where the simulators are: elsewhere, or those of a demo in this process. `nil`: the providers themselves are asked.
    private func address(of simulators: SimulatorServer?) async throws -> URL? {
        if let url = settings.simulatorsURL { return url }
        guard let port = try await simulators?.port else { return nil }
        return URL(string: "http://127.0.0.1:\(port)")
    }

    /// - Parameters:
    ///   - services: what has eight seconds to end when the server is to stop, and is cancelled then.
    ///   - below: the database and the connections to it. They end after all that: what a call to a provider brought, and
    ///     what is leased, is still written by tasks that were cancelled.
    private func serve(_ services: [any Service], above below: [any Service]) async throws {
        var above = ServiceGroupConfiguration(services: services, logger: logger)
        above.maximumGracefulShutdownDuration = .seconds(8)
        let all = ServiceGroupConfiguration(
            services: below.map { .init(service: $0) } + [
                .init(
                    service: ServiceGroup(configuration: above), failureTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await ServiceGroup(configuration: all).run()
    }

    private func web(
        _ contexts: Contexts, _ dependencies: Dependencies, probes: Database,
        ready: @escaping @Sendable () -> Void
    ) async throws -> some Service {
        warnOfUnknownProxy()
        return try await WebServer(
            host: settings.host, port: settings.port,
            configuration: WebServer.Configuration(
                build: build, publicURL: settings.publicURL, proxies: TrustedProxies(settings.trustedProxies),
                origins: settings.allowedOrigins, limits: RequestLimits(perSecond: settings.requestsPerSecond),
                connections: connectionLimits(), metricsToken: settings.metricsToken),
            demoAccounts: settings.isDemo ? DemoData.accounts : [], demoMails: settings.demoMails,
            services: await contexts.requestServices(
                signingKey: try signingKey(), rules: try passwordRules ?? settings.passwordRules()),
            firstResponses: FirstResponses(database: dependencies.requests, secrets: dependencies.secretBox),
            clock: clock, logger: logger,
            isReady: { (try? await probes.row("SELECT 1", as: Int.self)) == 1 },
            metrics: { [metrics] in await metrics.render() }, ready: ready
        ).application()
    }

    private func observe(_ contexts: Contexts, _ pools: Pools) {
        pools.observe(in: metrics)
        metrics.observe(
            "convene_build_info", "1, with what the process was built from.",
            labels: [("version", build.version), ("commit", build.commit)]
        ) { 1 }
        metrics.observe("convene_streams", "Event streams that are open.") {
            Double(contexts.notifications.live.count)
        }
        let database = pools.metrics.database
        for gauge in contexts.gauges {
            // However often it is asked for, it costs a query every five seconds at most.
            let figure = SingleFlightCache<Double, any Error>(clock: clock, whenCancelled: CancellationError()) {
                do { return .success(.init(try await gauge.value(in: database), freshness: .seconds(5))) } catch {
                    return .failure(error)
                }
            }
            metrics.observe(gauge.name, gauge.help) { try await figure.current() }
        }
        metrics.observeProcess()
    }
}
