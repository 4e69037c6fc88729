import Branding
import Durable
import Foundation
import Identity
import Logging
import ServiceLifecycle
import Notifications
import Postgres
import Provisioning
import Secrets
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
        var handlers: [String: Worker.Handler] = [:]
        for context in all { handlers.merge(try await context.jobs()) { first, _ in first } }
        let background = dependencies.background
        let retention = RetentionJob(
            database: background.database, rules: all.flatMap(\.retentions), logger: background.logger)
        handlers[RetentionJob.jobKind] = { _ in
            try await retention.clear()
            return []
        }
        let worker = Worker(
            in: background, handlers: handlers, schedules: all.flatMap(\.schedules) + [RetentionJob.schedule])
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
