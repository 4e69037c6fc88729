import Durable
import Meetings
import Provisioning
import ServiceLifecycle

/// Getting hosts their meetings.
struct ProvisioningContext: BoundedContext {
    /// Told that a saga is due.
    let wakeup = Wakeup()
    let interventions: Interventions
    private let dependencies: Dependencies
    private let providers: MeetingProviders
    private let hosts: MeetingHosts
    private let relay: Wakeup

    /// - Parameters:
    ///   - hosts: whatever meetings are made for.
    ///   - relay: told when events were published.
    init(_ dependencies: Dependencies, providers: MeetingProviders, hosts: MeetingHosts, relay: Wakeup) {
        interventions = Interventions(database: dependencies.requests, clock: dependencies.clock)
        self.dependencies = dependencies
        self.providers = providers
        self.hosts = hosts
        self.relay = relay
    }

    var gauges: [DatabaseGauge] { Interventions.gauges }

    var services: [any Service] { [runner] }

    var runner: SagaRunner {
        let background = dependencies.background
        let provisioner = Provisioner(
            database: background.database, providers: providers, hosts: hosts,
            environment: dependencies.settings.environment, clock: background.clock, relay: relay)
        return SagaRunner(provisioner, in: background, wakeup: wakeup)
    }

    func jobs() -> [String: Worker.Handler] {
        let background = dependencies.background
        let reconciliations = Reconciliations(
            database: background.database, providers: providers, hosts: hosts, logger: background.logger)
        let renewals = Renewals(database: background.database, providers: providers, hosts: hosts)
        return [
            Reconciliations.jobKind: { job in
                try await reconciliations.look(at: try job.decodePayload())
                return []
            },
            Renewals.jobKind: { job in try await renewals.renew(try job.decodePayload()) },
        ]
    }
}
