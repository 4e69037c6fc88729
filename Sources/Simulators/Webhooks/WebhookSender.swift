import Foundation
import Logging
import Outgoing
import ServiceLifecycle
import Values

/// Brings events to Convene, and tries again at the provider's intervals what was not taken with 200 or 204.
struct WebhookSender: Service {
    struct Parcel: Sendable {
        let provider: any SimulatedProvider
        /// Before encryption; each attempt is signed anew.
        let body: Data
    }

    /// What the server behind is called; each provider's path is `/api/webhooks/{provider}`.
    let target: URL?
    let client: OutgoingClient
    let clock: any WallClock
    /// What the providers' intervals are multiplied with: 0.001 turns an hour into 3.6 seconds.
    let retryScale: Double

    private let failed: AsyncStream<Parcel>
    private let retry: AsyncStream<Parcel>.Continuation

    init(
        target: URL?, client: OutgoingClient, clock: any WallClock, retryScale: Double
    ) {
        self.target = target
        self.client = client
        self.clock = clock
        self.retryScale = retryScale
        (failed, retry) = AsyncStream.makeStream()
    }

    /// The first attempt. One that fails is taken up by ``run()``.
    /// - Returns: The status of the answer; `nil` without one.
    func deliver(_ parcel: Parcel) async -> Int? {
        let status = await attempt(parcel)
        if !isTaken(status) { retry.yield(parcel) }
        return status
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await parcel in failed.cancelOnGracefulShutdown() {
                group.addTask {
                    await cancelWhenGracefulShutdown { await retryUntilTaken(parcel) }
                }
            }
        }
    }

    private func retryUntilTaken(_ parcel: Parcel) async {
        for wait in parcel.provider.retries {
            do { try await clock.sleep(for: wait * retryScale) } catch { return }
            if isTaken(await attempt(parcel)) { return }
        }
    }

    private func attempt(_ parcel: Parcel) async -> Int? {
        guard let target, let webhook = try? parcel.provider.signed(parcel.body, at: clock.now) else { return nil }
        let url = target.appending(path: "api/webhooks/\(parcel.provider.name.rawValue)")
        let headers = webhook.headers + [("Content-Type", "application/json; charset=utf-8")]
        return try? await client.send(OutgoingRequest(.post, url, headers: headers, body: webhook.body)).status
    }

    private func isTaken(_ status: Int?) -> Bool { status == 200 || status == 204 }
}
