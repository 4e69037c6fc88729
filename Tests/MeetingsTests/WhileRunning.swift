import Logging
import ServiceLifecycle

/// Ends a service in the orderly way, and returns when it has ended. May be called again.
typealias Stop = @Sendable () async -> Void

/// Runs a service during `test`. It is shut down and not cancelled: NIO traps when a server is cancelled at the moment
/// that somebody connects (`NIOAsyncWriter` without `finish()`).
func whileRunning(_ service: some Service, _ test: (@escaping Stop) async throws -> Void) async throws {
    let group = ServiceGroup(services: [service], logger: .silent)
    let running = Task { try await group.run() }
    let stop: Stop = {
        await group.triggerGracefulShutdown()
        _ = await running.result
    }
    do { try await test(stop) } catch {
        await stop()
        throw error
    }
    await stop()
}

extension Logger {
    static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
