import Synchronization

/// One at a time for each key, in the order in which they came. In this process alone.
final class Turns: Sendable {
    /// How many may wait for one key.
    private let places: Int
    /// Who waits behind whoever has the turn; a key without an entry is nobody's.
    private let waiting = Mutex<[String: [CheckedContinuation<Bool, Never>]]>([:])

    init(places: Int) { self.places = places }

    /// - Throws: ``SignInError/busy`` when too many wait already; and what `work` throws.
    func take<Value: Sendable>(for key: String, _ work: () async throws -> Value) async throws -> Value {
        guard await hasTurn(for: key) else { throw SignInError.busy }
        defer { pass(on: key) }
        return try await work()
    }

    private func hasTurn(for key: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = waiting.withLock { waiting in
                guard let line = waiting[key] else {
                    waiting[key] = []
                    return true
                }
                guard line.count < places else { return false }
                waiting[key] = line + [continuation]
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func pass(on key: String) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Bool, Never>? in
            guard waiting[key]?.isEmpty == false else {
                waiting[key] = nil
                return nil
            }
            return waiting[key]?.removeFirst()
        }
        next?.resume(returning: true)
    }
}
