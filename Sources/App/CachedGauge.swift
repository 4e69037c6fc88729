/// A figure that costs a query: however often it is asked for, it is looked up every five seconds at most.
actor CachedGauge {
    private static let freshness = Duration.seconds(5)

    private let read: @Sendable () async throws -> Double
    private var kept: (value: Double, since: ContinuousClock.Instant)?
    private var reading: Task<Double, any Error>?

    init(_ read: @escaping @Sendable () async throws -> Double) { self.read = read }

    /// Those who ask at the same time share one answer.
    func value() async throws -> Double {
        if let kept, ContinuousClock.now - kept.since < Self.freshness { return kept.value }
        let task = reading ?? Task { [read] in try await read() }
        reading = task
        defer { if reading == task { reading = nil } }
        let value = try await task.value
        kept = (value, .now)
        return value
    }
}
