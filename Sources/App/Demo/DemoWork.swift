import Logging
import ServiceLifecycle

/// What works in the background of a demo. It begins when the demo has its sessions: until then nobody else takes up
/// their sagas, which belong to another time. Pages are served meanwhile.
struct DemoWork: Service {
    let sessions: DemoSessions
    let services: [any Service]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                try await sessions()
            } catch {
                // A demo without them is still one to try; the next start tries again.
                if !Task.isCancelled {
                    logger.error("the demo does not have all its sessions", metadata: ["error": "\(error)"])
                }
            }
        }
        guard !Task.isShuttingDownGracefully else { return }
        try await ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger)).run()
    }
}
