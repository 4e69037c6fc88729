import Foundation
import Values

/// A provider's access token: fetched when first needed, kept until shortly before it expires, and fetched once
/// however many calls want it at a time.
actor AccessTokens {
    struct Token: Sendable {
        let text: String
        let expiresAt: Date
    }

    typealias Fetch = @Sendable () async -> Result<Token, CallFailure>

    private let clock: any WallClock
    private let margin: Duration
    private let fetch: Fetch
    private var kept: Token?
    private var fetching: Task<Result<Token, CallFailure>, Never>?

    /// - Parameter margin: How long before its end a token is no longer used, so that it does not expire on the way.
    init(clock: any WallClock, margin: Duration, fetch: @escaping Fetch) {
        self.clock = clock
        self.margin = margin
        self.fetch = fetch
    }

    /// - Throws: ``CallFailure/later(after:reason:)`` or ``CallFailure/refused(code:reason:)``: without a token the
    ///   call that wanted it was surely not made.
    func current() async throws(CallFailure) -> String {
        if let kept, clock.now.advanced(by: margin) < kept.expiresAt { return kept.text }
        // A task of its own, so that the first caller's cancellation does not fail the others.
        let task = fetching ?? Task { [fetch] in await fetch() }
        fetching = task
        guard let result = await outcome(of: task) else {
            throw .later(after: nil, reason: "no access token: the call was broken off")
        }
        if fetching == task {
            fetching = nil
            kept = try? result.get()
        }
        return try result.get().text
    }

    /// `nil` when whoever waits is cancelled: a token's server that hangs keeps nobody who is to stop.
    private func outcome(
        of task: Task<Result<Token, CallFailure>, Never>
    ) async -> Result<Token, CallFailure>? {
        let (outcomes, outcome) = AsyncStream<Result<Token, CallFailure>>.makeStream()
        Task {
            outcome.yield(await task.value)
            outcome.finish()
        }
        for await result in outcomes { return result }
        return nil
    }

    /// Forgets the token, unless another one has taken its place already.
    func discard(_ token: String) {
        if kept?.text == token { kept = nil }
    }
}
