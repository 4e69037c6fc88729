/// The port that a server got, for those who wait for it.
actor BoundPort {
    private var outcome: Result<Int, any Error>?
    private var waiting: [CheckedContinuation<Int, any Error>] = []

    /// - Throws: What kept the server from starting.
    var value: Int {
        get async throws {
            if let outcome { return try outcome.get() }
            return try await withCheckedThrowingContinuation { waiting.append($0) }
        }
    }

    /// Only the first counts.
    func settle(_ outcome: Result<Int, any Error>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        for waiter in waiting { waiter.resume(with: outcome) }
        waiting = []
    }
}
