package import Foundation
import Hummingbird
package import Logging
import NIOCore
import Outgoing
import ServiceLifecycle
package import Values

/// Simulators for the meeting providers, on the loopback alone: `/zoom`, `/feishu` and so on speak as the real ones do, and
/// `/_control` brings about faults and events (`spec/api.md`, Provider simulators). They share no code with the
/// adapters, and forget everything when they stop.
package struct SimulatorServer: Service {
    private let providers: [any SimulatedProvider]
    private let traffic = SimulatedTraffic()
    private let requestedPort: Int
    private let clock: any WallClock
    private let sender: WebhookSender
    private let logger: Logger
    private let bound = BoundPort()

    /// - Parameters:
    ///   - port: 0 for any free one; see ``port``.
    ///   - webhooksTo: Where Convene listens; `nil`: no events can be sent.
    ///   - clock: What time it is for the providers.
    package init(
        port: Int = 0, webhooksTo: URL? = nil, clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "convene.simulators")
    ) {
        self.init(
            SimulatedProviders.all(clock), port: port, webhooksTo: webhooksTo, clock: clock, logger: logger)
    }

    /// - Parameter retryScale: What the providers' waits before another delivery are multiplied with.
    init(
        _ providers: [any SimulatedProvider], port: Int = 0, webhooksTo: URL?, retryScale: Double = 1,
        clock: any WallClock, logger: Logger
    ) {
        self.providers = providers
        requestedPort = port
        self.clock = clock
        self.logger = logger
        sender = WebhookSender(
            target: webhooksTo, client: OutgoingClient(reaching: .configured), clock: clock, retryScale: retryScale)
    }

    /// The accounts that the simulators take, by provider: with their secrets, by the names that the API gives the parts.
    package static var accounts: [ProviderName: [String: String]] {
        Dictionary(
            SimulatedProviders.all(SystemClock()).map { ($0.name, $0.account) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// The port it listens at; waits until it does.
    /// - Throws: What kept the server from starting; `CancellationError` when it was stopped before.
    package var port: Int {
        get async throws { try await bound.value }
    }

    /// How often a provider was asked for something, faults included.
    package func requests(at provider: ProviderName, _ operation: SimulatedOperation) async -> Int {
        await traffic.requests(at: provider, operation)
    }

    /// What may befall whoever asks for a meeting.
    package enum Mishap: Sendable {
        /// The account has used up what it may make in a day.
        case dailyLimit
        /// The meeting is made, and the connection closes before that is said.
        case lostAnswer
    }

    /// Befalls the next request for a meeting at `provider`, and no other.
    package func befall(_ provider: ProviderName, _ mishap: Mishap) async {
        let mode: Fault.Mode =
            switch mishap {
            case .dailyLimit: .dailyLimit
            case .lostAnswer: .dropAfter
            }
        await traffic.put(Fault(provider: provider.rawValue, operation: .create, mode: mode, count: 1))
    }

    /// What was to befall somebody, and has not yet, never does.
    package func recover() async { await traffic.clearFaults() }

    package func run() async throws {
        let router = Router(context: SimulatorContext.self)
        for provider in providers { provider.add(to: router, traffic) }
        ControlRoutes(providers: providers, traffic: traffic, clock: clock, sender: sender).add(to: router)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: requestedPort)),
            services: [sender],
            onServerRunning: { channel in await bound.settle(.success(channel.localAddress?.port ?? 0)) },
            logger: logger)
        do {
            try await application.run()
            await bound.settle(.failure(CancellationError()))
        } catch {
            await bound.settle(.failure(error))
            throw error
        }
    }
}
