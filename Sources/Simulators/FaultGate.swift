import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle
import Values

/// How a provider words what a fault makes it answer.
protocol FaultWording: Sendable {
    var provider: ProviderName { get }
    func error(status: Int) -> SimulatedResponse
    func rateLimit(of operation: SimulatedOperation, seconds: Int) -> SimulatedResponse
    func dailyLimit() -> SimulatedResponse
}

/// Every request to a provider passes through here, where the faults lie in wait.
struct FaultGate<Wording: FaultWording>: Sendable {
    let traffic: SimulatedTraffic
    let clock: any WallClock
    let wording: Wording

    func callAsFunction(
        _ operation: SimulatedOperation, _ context: SimulatorContext, work: () async throws -> SimulatedResponse
    ) async throws -> Response {
        guard let fault = await traffic.arrival(at: wording.provider, operation) else { return try await answer(work) }
        switch fault.mode {
        case .error: return wording.error(status: fault.status ?? 500).response
        case .rateLimit: return wording.rateLimit(of: operation, seconds: fault.retryAfterSeconds ?? 1).response
        case .dailyLimit: return wording.dailyLimit().response
        case .slow:
            // A server that is to stop does not wait for its slowness.
            try await cancelWhenGracefulShutdown { [clock] in
                try await clock.sleep(for: .milliseconds(fault.delayMs ?? 0))
            }
            return try await answer(work)
        case .answer:
            _ = try await answer(work)
            var said = SimulatedResponse(fault.status ?? 200)
            said.body = Data((fault.body ?? "").utf8)
            return said.response
        case .dropBefore:
            return try await hangUp(context)
        case .dropAfter:
            _ = try await answer(work)
            return try await hangUp(context)
        }
    }

    private func answer(_ work: () async throws -> SimulatedResponse) async throws -> Response {
        do { return try await work().response } catch let refusal as SimulatedResponse { return refusal.response }
    }

    /// Closes the connection. What is returned meets a closed one, so that not a byte of it leaves.
    private func hangUp(_ context: SimulatorContext) async throws -> Response {
        try? await context.channel.close()
        return Response(status: .serviceUnavailable)
    }
}
