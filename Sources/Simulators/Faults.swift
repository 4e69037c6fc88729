import Values

/// A fault that was asked for, as `PUT /_control/faults` takes it.
struct Fault: Codable, Sendable {
    enum Mode: String, Codable {
        /// `status` in place of the work.
        case error
        /// `delayMs`, then as usual.
        case slow
        /// The provider's own answer to too many requests, in place of the work.
        case rateLimit = "rate_limit"
        /// Zoom's answer once a day's requests are used up; elsewhere like `rate_limit`.
        case dailyLimit = "daily_limit"
        /// The connection closes without an answer, before the work or after it.
        case dropBefore = "drop_before"
        case dropAfter = "drop_after"
        /// The work is done, and `body` is what is said of it, with `status` or 200.
        case answer
    }

    /// A provider's name, `*` or nothing: any.
    var provider: String?
    var operation: SimulatedOperation?
    var mode: Mode
    var status: Int?
    var body: String?
    var delayMs: Int?
    var retryAfterSeconds: Int?
    /// How many requests it still meets; `nil`: all until it is deleted.
    var count: Int?

    /// Whether every number in it can be carried out.
    var isPossible: Bool {
        (200...599).contains(status ?? 500) && (0...3_600_000).contains(delayMs ?? 0)
            && (-1_000_000_000...1_000_000_000).contains(retryAfterSeconds ?? 0)
            && (0...1_000_000).contains(count ?? 0)
    }

    func meets(_ provider: ProviderName, _ operation: SimulatedOperation) -> Bool {
        let wanted = self.operation ?? .any
        return [nil, "*", provider.rawValue].contains(self.provider) && (wanted == .any || wanted == operation)
    }
}

/// The faults that are on, in the order they were asked for. The first that meets a request befalls it.
struct FaultBook: Sendable {
    private(set) var faults: [Fault] = []

    /// Takes the place of a fault for the same provider and operation.
    mutating func put(_ fault: Fault) {
        faults.removeAll { $0.provider == fault.provider && $0.operation == fault.operation }
        faults.append(fault)
    }

    mutating func clear() { faults = [] }

    mutating func next(for provider: ProviderName, _ operation: SimulatedOperation) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.meets(provider, operation) && $0.count != 0 }) else {
            return nil
        }
        if let count = faults[index].count { faults[index].count = count - 1 }
        return faults[index]
    }
}
