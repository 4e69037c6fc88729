import Foundation
import Logging
import Meetings
import Outgoing
import Secrets
import Testing
import Values

@testable import Simulators

/// The simulators on a port of their own, with the adapters pointed at them. They stop with the test.
struct Simulation: Sendable {
    let clock: MovableClock
    /// The simulators' own, so that a token can be over there and not here.
    let theirClock: MovableClock
    let server: SimulatorServer
    let providers: MeetingProviders
    let client: OutgoingClient
    let connection: ProviderConnection
    /// For the control interface: a test's own limits are the adapters' alone.
    let control = OutgoingClient(reaching: .configured)
    let url: URL
    let stop: Stop

    /// - Parameter impatient: Whether the simulators' waits take no time.
    static func run(
        zoomDailyLimit: Int? = nil, limits: OutgoingLimits = OutgoingLimits(), wrongSecrets: Bool = false,
        feishu: FeishuSimulator.Credentials = FeishuSimulator.Credentials(), webhooksTo: URL? = nil,
        impatient: Bool = false, _ test: (Simulation) async throws -> Void
    ) async throws {
        let theirClock = MovableClock(isImpatient: impatient)
        let special: [any SimulatedProvider] = [
            ZoomSimulator(dailyLimit: zoomDailyLimit, clock: theirClock), FeishuSimulator(feishu, clock: theirClock),
        ]
        let server = SimulatorServer(
            SimulatedProviders.all(theirClock).map { one in special.first { $0.name == one.name } ?? one },
            webhooksTo: webhooksTo, clock: theirClock, logger: .silent)
        try await whileRunning(server) { stop in
            try await test(
                Simulation(server, stop, theirClock: theirClock, limits: limits, wrongSecrets: wrongSecrets))
        }
    }

    /// With somebody who listens for the webhooks.
    static func receiving(
        failures: Int = 0, feishu: FeishuSimulator.Credentials = FeishuSimulator.Credentials(), impatient: Bool = false,
        _ test: (Simulation, Receiver) async throws -> Void
    ) async throws {
        try await Receiver.run(failures: failures) { receiver in
            try await run(feishu: feishu, webhooksTo: receiver.url, impatient: impatient) { simulation in
                try await test(simulation, receiver)
            }
        }
    }

    private init(
        _ server: SimulatorServer, _ stop: @escaping Stop, theirClock: MovableClock, limits: OutgoingLimits,
        wrongSecrets: Bool
    ) async throws {
        self.server = server
        self.stop = stop
        self.theirClock = theirClock
        clock = MovableClock()
        client = OutgoingClient(reaching: .configured, limits: limits)
        url = try #require(URL(string: "http://127.0.0.1:\(try await server.port)"))
        let connection = ProviderConnection(endpoints: .simulators(at: url), client: client, clock: clock)
        self.connection = connection
        providers = MeetingProviders(
            try ProviderCatalog.all.map { provider in
                let account = try #require(SimulatorServer.accounts[provider.name])
                let secret = try #require(account[provider.secret.name])
                return try provider.connect(
                    AccountSettings(at: provider, account), Secret(wrongSecrets ? "wrong" : secret), over: connection)
            })
    }

    func provider(_ name: ProviderName) throws -> any MeetingProvider {
        try #require(providers[name])
    }

    /// A meeting tomorrow.
    func request(
        _ tag: String = "cv:test:s1:1", topic: String = "Mock interview", host: String = "host@example.test"
    ) -> MeetingRequest {
        MeetingRequest(
            tag: tag, topic: topic, time: TimeRange(start: clock.now.advanced(by: .hours(24)), duration: .minutes(60)),
            timeZone: "Asia/Shanghai", hostEmail: host)
    }

    func create(at name: ProviderName) async throws -> ProvisionedMeeting {
        let outcome = try await provider(name).create(request())
        guard case .created(let meeting) = outcome else { throw Unexpected(outcome) }
        return meeting
    }

    func tokenRequests(at name: ProviderName) async -> Int {
        await server.requests(at: name, .token)
    }
}
