import Foundation

/// Something that costs a question to somebody else: asked for when it is needed, kept while it is fresh, and asked for
/// once however many want it at a time.
package actor SingleFlightCache<Value: Sendable, Failure: Error> {
    package struct Fetched: Sendable {
        let value: Value
        let freshness: Duration

        /// - Parameter freshness: how long it may be used without asking again, counted from when it was asked for.
        package init(_ value: Value, freshness: Duration) {
            self.value = value
            self.freshness = freshness
        }
    }

    package typealias Fetch = @Sendable () async -> Result<Fetched, Failure>

    private let clock: any WallClock
    private let cancelled: Failure
    private let fetch: Fetch
    private var kept: (value: Value, since: Date, until: Date)?
    private var fetching: (task: Task<Result<Fetched, Failure>, Never>, since: Date)?

    /// - Parameter cancelled: what somebody is told who is cancelled while they wait: a server that hangs keeps nobody who
    ///   is to stop.
    package init(clock: any WallClock, whenCancelled cancelled: Failure, fetch: @escaping Fetch) {
        self.clock = clock
        self.cancelled = cancelled
        self.fetch = fetch
    }

    package func current() async throws(Failure) -> Value {
        // A clock that was set back asks early rather than not for long.
        if let kept, kept.since <= clock.now, clock.now < kept.until { return kept.value }
        return try await fetched()
    }

    /// A newer value than the one at hand, unless that is younger than `age`: then `nil`, so that nobody can make us ask
    /// as often as they like.
    package func renewed(ifOlderThan age: Duration) async throws(Failure) -> Value? {
        if let kept, kept.since <= clock.now, clock.now < kept.since.advanced(by: age) { return nil }
        return try await fetched()
    }

    /// Forgets the value, unless another one has taken its place already.
    package func discard(if isStale: (Value) -> Bool) {
        if let kept, isStale(kept.value) { self.kept = nil }
    }

    private func fetched() async throws(Failure) -> Value {
        // A task of its own, so that the first caller's cancellation does not fail the others.
        let asked = fetching ?? (Task { [fetch] in await fetch() }, clock.now)
        fetching = asked
        guard let result = await outcome(of: asked.task) else { throw cancelled }
        if fetching?.task == asked.task {
            fetching = nil
            if case .success(let fetched) = result {
                kept = (fetched.value, asked.since, asked.since.advanced(by: fetched.freshness))
            }
        }
        return try result.get().value
    }

    /// `nil` when whoever waits is cancelled.
    private func outcome(of task: Task<Result<Fetched, Failure>, Never>) async -> Result<Fetched, Failure>? {
        let (outcomes, outcome) = AsyncStream<Result<Fetched, Failure>>.makeStream()
        Task {
            outcome.yield(await task.value)
            outcome.finish()
        }
        for await result in outcomes { return result }
        return nil
    }
}
