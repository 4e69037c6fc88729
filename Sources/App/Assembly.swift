import Audit
import Branding
import Calendars
import Durable
import Foundation
import HTTP
import Hummingbird
import Identity
package import Logging
import Meetings
import Metrics
import Notifications
import Outgoing
import Postgres
import PrivatePostgres
import Provisioning
import Schema
import Secrets
import ServiceLifecycle
import Sessions
import Simulators
package import Telemetry
import UnixSignals
import Values
import Web

/// Puts the server together and runs it: the only place that knows everything.
package struct Assembly: Sendable {
    private(set) var settings: Settings
    let logger: Logger
    private let metrics: PrometheusMetrics
    let clock = SystemClock()
    /// Whatever meetings are made for.
    private static let hosts = MeetingHosts(SessionMeetingHost.self)

    package init(_ settings: Settings, metrics: PrometheusMetrics, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter ready: told the server's address once it answers.
    package func serve(ready: @escaping @Sendable (String) -> Void) async throws {
        var assembly = self
        if settings.roles.contains(.web) {
            assembly.settings.port = try ListeningAddress(host: settings.host, port: settings.port).reserve()
        }
        try await assembly.start(ready: ready)
    }

    private func start(ready: @escaping @Sendable (String) -> Void) async throws {
        let access = try await DatabaseAccess.open(settings, logger: logger)
        do {
            try await prepare(access)
            try await run(access, ready: ready)
        } catch {
            await access.cluster?.stop()
            throw error
        }
    }

    private func prepare(_ access: DatabaseAccess) async throws {
        try await access.asOwner(logger: logger) { owner in
            try await owner.requireDurableWrites()
            for name in try await Migrator.bundled(on: owner).up().names {
                logger.info("schema", metadata: ["applied": "\(name)"])
            }
            try await access.openLogins(owner, for: settings)
            try await KeyCheck(try settings.secretBox, in: owner)()
            if settings.isDemo { try await DemoData(database: owner, clock: clock).seed() }
        }
    }

    private func run(_ access: DatabaseAccess, ready: @escaping @Sendable (String) -> Void) async throws {
        let requests = access.pool(
            as: "convene_app", size: settings.databaseConnections, clock: clock, logger: logger)
        // Nobody waits for this work with a page open, but what gives up here is left until its lease runs out.
        let work = access.pool(
            as: "convene_worker", size: settings.workConnections, wait: .seconds(15), roundTrip: .seconds(30),
            clock: clock, logger: logger)
        let metricsPool = access.pool(as: "convene_worker", size: 1, clock: clock, logger: logger)
        // Whether the database answers is no matter of how many requests wait for it.
        let probes = access.pool(as: "convene_app", size: 2, clock: clock, logger: logger)

        let secretBox = try settings.secretBox
        let simulators = settings.isDemo && settings.simulatorsURL == nil ? SimulatorServer(logger: logger) : nil
        let simulation = simulators.map { server in Task { try await server.run() } }
        let (providers, adapters) = try await providers(simulators, secretBox: secretBox, database: work.database)

        let provisioning = Wakeup()
        let relayWakeup = Wakeup()
        let live = LiveFeed(
            database: work.database,
            listener: Listener(
                access.connection(as: "convene_worker"), channel: Relay.channel, logger: logger),
            clock: clock, logger: logger)
        let provisioner = SagaRunner(
            Provisioner(
                database: work.database, providers: providers, hosts: Self.hosts, environment: settings.environment,
                clock: clock, relay: relayWakeup),
            database: work.database, clock: clock, wakeup: provisioning, logger: logger)
        let relay = Relay(
            database: work.database, clock: clock, wakeup: relayWakeup, logger: logger, published: live.wake)

        var services: [any Service] = []
        if settings.roles.contains(.worker) {
            let chain = AuditChain(database: work.database, clock: clock, logger: logger)
            services += [relay, chain, provisioner, try await worker(work.database, providers, secretBox)]
        }
        if settings.roles.contains(.web) {
            services += [
                live,
                try await web(
                    requests: requests, probes: probes.database, providers: providers,
                    accounts: accounts(providers, adapters, secretBox: secretBox, database: requests.database),
                    secretBox: secretBox,
                    live: live,
                    provisioning: provisioning, ready: ready),
            ]
        }
        observe(requests: requests, work: work, metricsPool: metricsPool.database, live: live)

        defer { simulation?.cancel() }
        let below: [any Service] = (access.cluster.map { [$0] } ?? []) + [requests, work, metricsPool, probes]
        try await serve(services, above: below)
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
        requests: Pool, probes: Database, providers: MeetingProviders, accounts: ProviderAccounts, secretBox: SecretBox,
        live: LiveFeed,
        provisioning: Wakeup, ready: @escaping @Sendable (String) -> Void
    ) async throws -> some Service {
        warnOfUnknownProxy()
        let signingKey = try settings.signingKey ?? SigningKey.load(from: settings.dataFolder)
        let services = await services(
            database: requests.database, providers: providers, accounts: accounts, live: live,
            provisioning: provisioning, signingKey: signingKey,
            identity: identity(
                requests.database, rules: try settings.passwordRules(), secrets: secretBox, signingKey: signingKey))
        return try await WebServer(
            host: settings.host, port: settings.port,
            configuration: WebServer.Configuration(
                publicURL: settings.publicURL, proxies: TrustedProxies(settings.trustedProxies),
                origins: settings.allowedOrigins, limits: RequestLimits(perSecond: settings.requestsPerSecond),
                connections: connectionLimits(), metricsToken: settings.metricsToken),
            demoAccounts: settings.isDemo ? DemoData.accounts : [], demoMails: settings.demoMails,
            services: services,
            firstResponses: FirstResponses(database: requests.database, secrets: secretBox), clock: clock,
            logger: logger,
            isReady: { (try? await probes.row("SELECT 1", as: Int.self)) == 1 },
            metrics: { [metrics] in await metrics.render() }, ready: ready
        ).application()
    }

    private func services(
        database: Database, providers: MeetingProviders, accounts: ProviderAccounts, live: LiveFeed,
        provisioning: Wakeup, signingKey: Data, identity: IdentityServices
    ) -> WebServer.Services {
        let availability = Availability(database: database, clock: clock)
        return WebServer.Services(
            sessions: SessionService(
                database: database, availability: availability, providers: providers, clock: clock,
                provisioning: provisioning),
            interventions: Interventions(database: database, clock: clock),
            availability: availability,
            identity: identity,
            branding: BrandingService(database: database), audit: AuditLog(database: database),
            openID: openID(database, signingKey: signingKey, identity: identity),
            providerAccounts: accounts,
            stream: EventStream(database: database, live: live))
    }

    package func openAPIDocument() async throws -> String {
        try WebServer.openAPIDocument(try await servicesWithoutDatabase(), clock: clock)
    }

    package func pageList() async throws -> String {
        try await WebServer.pageList(try await servicesWithoutDatabase(), clock: clock)
    }

    /// For what is asked of declarations alone.
    private func servicesWithoutDatabase() async throws -> WebServer.Services {
        let database = Pool(PoolConfiguration(url: ""), clock: clock, logger: logger).database
        let live = LiveFeed(
            database: database,
            listener: Listener(PoolConfiguration(url: ""), channel: Relay.channel, logger: logger), clock: clock,
            logger: logger)
        let secretBox = SecretBox(KeyRing(.random()))
        let (providers, adapters) = try await providers(nil, secretBox: secretBox, database: database)
        return await services(
            database: database, providers: providers,
            accounts: accounts(providers, adapters, secretBox: secretBox, database: database), live: live,
            provisioning: Wakeup(), signingKey: Data(count: 32),
            identity: identity(
                database, rules: PasswordRules(common: []), secrets: secretBox,
                signingKey: Data(count: 32)))
    }

    private func worker(
        _ database: Database, _ providers: MeetingProviders, _ secrets: SecretBox
    ) async throws -> Worker {
        let mails = MailJobs(
            transport: settings.mail.map { $0.server.transport(from: $0.sender) }, secrets: secrets,
            templates: try await MailTemplates(), details: MailDetails(database: database), clock: clock)
        let reconciliations = Reconciliations(
            database: database, providers: providers, hosts: Self.hosts, logger: logger)
        let renewals = Renewals(database: database, providers: providers, hosts: Self.hosts)
        let retention = RetentionJob(
            database: database, rules: Retention.durable + IdentityRetention.retentions, logger: logger)
        return Worker(
            database: database, clock: clock, wakeup: Wakeup(), logger: logger,
            handlers: [
                Reconciliations.jobKind: { job in
                    try await reconciliations.look(at: try job.decodePayload())
                    return []
                },
                Renewals.jobKind: { job in try await renewals.renew(try job.decodePayload()) },
                MailJobs.jobKind: mails.handler,
                RetentionJob.jobKind: { _ in
                    try await retention.clear()
                    return []
                },
            ],
            schedules: [RetentionJob.schedule])
    }

    private func observe(requests: Pool, work: Pool, metricsPool: Database, live: LiveFeed) {
        for (name, pool) in [("requests", requests), ("work", work)] {
            let labels = [("pool", name)]
            metrics.observe("convene_pool_connections_open", "Open connections.", labels: labels) {
                Double(pool.load.open)
            }
            metrics.observe("convene_pool_connections_busy", "Connections at work.", labels: labels) {
                Double(pool.load.busy)
            }
            metrics.observe("convene_pool_waiting", "Callers that wait for a connection.", labels: labels) {
                Double(pool.load.waiting)
            }
        }
        metrics.observe("convene_streams", "Event streams that are open.") { Double(live.count) }
        for gauge in Outbox.gauges + Sagas.gauges + AuditChain.gauges + Interventions.gauges {
            // However often it is asked for, it costs a query every five seconds at most.
            let figure = SingleFlightCache<Double, any Error>(clock: clock, whenCancelled: CancellationError()) {
                do { return .success(.init(try await gauge.value(in: metricsPool), freshness: .seconds(5))) } catch {
                    return .failure(error)
                }
            }
            metrics.observe(gauge.name, gauge.help) { try await figure.current() }
        }
        metrics.observeProcess()
    }
}
