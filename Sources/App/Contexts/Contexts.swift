import Branding
import Durable
import Foundation
import Identity
import Logging
import Notifications
import Postgres
import Provisioning
import Secrets
import ServiceLifecycle
import Values
import Web

/// All contexts, each put together in a file of its own, and who hears of what.
struct Contexts: Sendable {
    let events: EventsContext
    let audit: AuditContext
    let identity: IdentityContext
    let meetings: MeetingsContext
    let provisioning: ProvisioningContext
    let sessions: SessionsContext
    let notifications: NotificationsContext
    private let dependencies: Dependencies

    /// - Parameters:
    ///   - simulators: where those of a demo are; `nil`: the providers themselves are asked.
    ///   - connection: as `convene_worker`, to listen on.
    init(_ dependencies: Dependencies, simulators: URL? = nil, listeningOn connection: PoolConfiguration) throws {
        self.dependencies = dependencies
        notifications = NotificationsContext(dependencies, listeningOn: connection)
        events = EventsContext(background: dependencies.background, published: notifications.live.wake)
        audit = AuditContext(dependencies)
        identity = IdentityContext(dependencies: dependencies, observers: [SessionsContext.memberships])
        meetings = try MeetingsContext(dependencies, simulators: simulators)
        provisioning = ProvisioningContext(
            dependencies, providers: meetings.providers, hosts: MeetingHosts(SessionsContext.host),
            relay: events.wakeup)
        sessions = SessionsContext(
            dependencies, providers: meetings.providers, provisioning: provisioning.wakeup)
    }

    /// With nothing behind them: for what is asked of declarations alone, which call none of it.
    static func unconnected(_ settings: Settings, logger: Logger) throws -> Contexts {
        let nowhere = PoolConfiguration(url: "")
        let database = Pool(nowhere, clock: SystemClock(), logger: logger).database
        return try Contexts(
            Dependencies(
                settings: settings, requests: database,
                background: Background(database: database, clock: SystemClock(), logger: logger),
                secretBox: SecretBox(KeyRing(.random()))),
            listeningOn: nowhere)
    }

    private var all: [any BoundedContext] {
        [events, audit, identity, meetings, provisioning, sessions, notifications]
    }

    var gauges: [DatabaseGauge] { all.flatMap(\.gauges) }

    /// What processes with the role `worker` run.
    func services() async throws -> [any Service] {
        let background = dependencies.background
        let retention = RetentionJob(
            database: background.database, rules: all.flatMap(\.retentions), logger: background.logger)
        let clearing: Worker.Handler = { _ in
            try await retention.clear()
            return []
        }
        var jobs = [(RetentionJob.jobKind, clearing)]
        for context in all { jobs += try await context.jobs().map { ($0, $1) } }
        // Two contexts that do the same kind of job end the start.
        let worker = Worker(
            in: background, handlers: Dictionary(uniqueKeysWithValues: jobs),
            schedules: all.flatMap(\.schedules) + [RetentionJob.schedule])
        return all.flatMap(\.services) + [worker]
    }

    /// What processes with the role `web` answer requests by.
    func requestServices(signingKey: Data, rules: PasswordRules) async -> WebServer.Services {
        let people = await identity.requestServices(signingKey: signingKey, rules: rules)
        return WebServer.Services(
            sessions: sessions.sessions, interventions: provisioning.interventions,
            availability: sessions.availability, identity: people.identity,
            branding: BrandingService(database: dependencies.requests), audit: audit.log, openID: people.openID,
            providerAccounts: meetings.accounts, stream: notifications.stream)
    }
}
