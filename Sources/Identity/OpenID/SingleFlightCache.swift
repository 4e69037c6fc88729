import Foundation
import Values

/// Something published elsewhere: fetched when it is needed, kept while it is fresh, and fetched once however many want
/// it at a time.
actor SingleFlightCache<Value: Sendable> {
    struct Fetched: Sendable {
        let value: Value
        /// How long it may be used without asking again.
        let freshness: Duration
    }

    typealias Fetch = @Sendable () async -> Result<Fetched, OpenIDError>

    private let clock: any WallClock
    private let fetch: Fetch
    private var kept: (value: Value, since: Date, until: Date)?
    private var fetching: Task<Result<Fetched, OpenIDError>, Never>?

    init(clock: any WallClock, fetch: @escaping Fetch) {
        self.clock = clock
        self.fetch = fetch
    }

    func current() async throws(OpenIDError) -> Value {
        if let kept, clock.now < kept.until { return kept.value }
        return try await fetched()
    }

    /// A newer edition than the one at hand, unless that is younger than `age`: then `nil`, so that nobody can make us
    /// ask as often as they like.
    func renewed(ifOlderThan age: Duration) async throws(OpenIDError) -> Value? {
        if let kept, clock.now < kept.since.advanced(by: age) { return nil }
        return try await fetched()
    }

    private func fetched() async throws(OpenIDError) -> Value {
        // A task of its own, so that the first caller's cancellation does not fail the others.
        let task = fetching ?? Task { [fetch] in await fetch() }
        fetching = task
        let result = await task.value
        if fetching == task {
            fetching = nil
            if case .success(let edition) = result {
                kept = (edition.value, clock.now, clock.now.advanced(by: edition.freshness))
            }
        }
        return try result.get().value
    }
}
