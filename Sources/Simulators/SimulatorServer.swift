package import Foundation
import Hummingbird
package import Logging
import NIOCore
import Outgoing
import ServiceLifecycle
package import Values

/// simulators for the meeting providers, on the loopback alone: `/zoom` and `/feishu` speak as the real ones do, and
/// `/_control` brings about faults and events (`spec/api.md`, Provider simulators). They share no code with the
/// adapters, and forget everything when they stop.
package struct SimulatorServer: Service {
    package let credentials: SimulatorCredentials

    private let requestedPort: Int
    private let state: SimulatedState
    private let clock: any WallClock
    private let sender: WebhookSender
    private let logger: Logger
    private let bound = BoundPort()

    /// - Parameters:
    ///   - port: 0 for any free one; see ``port``.
    ///   - webhooksTo: Where Convene listens; `nil`: no events can be sent.
    ///   - zoomDailyLimit: Creates and updates of one host in one day. Zoom's own is 100; `nil` lifts it.
    ///   - retryScale: What the providers' waits before another delivery are multiplied with.
    package init(
        port: Int = 0, webhooksTo: URL? = nil, credentials: SimulatorCredentials = SimulatorCredentials(),
        zoomDailyLimit: Int? = nil, retryScale: Double = 1, clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "convene.simulators")
    ) {
        requestedPort = port
        self.credentials = credentials
        self.clock = clock
        self.logger = logger
        state = SimulatedState(
            zoom: ZoomState(credentials: credentials.zoom, dailyLimit: zoomDailyLimit), feishu: FeishuState())
        sender = WebhookSender(
            target: webhooksTo, client: OutgoingClient(reaching: .configured), clock: clock, credentials: credentials,
            retryScale: retryScale)
    }

    /// The port it listens at; waits until it does.
    /// - Throws: What kept the server from starting; `CancellationError` when it was stopped before.
    package var port: Int {
        get async throws { try await bound.value }
    }

    /// How often a provider was asked for something, faults included.
    package func requests(at provider: SimulatedProvider, _ operation: SimulatedOperation) async -> Int {
        await state.requests(at: provider, operation)
    }

    package func run() async throws {
        let router = Router(context: SimulatorContext.self)
        ZoomRoutes(state: state, clock: clock, credentials: credentials.zoom).add(to: router)
        FeishuRoutes(state: state, clock: clock, credentials: credentials.feishu).add(to: router)
        ControlRoutes(state: state, clock: clock, sender: sender).add(to: router)
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
