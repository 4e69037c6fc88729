import Values

/// What the simulated providers have been asked, and what is to befall whoever asks next.
actor SimulatedTraffic {
    struct Seen: Hashable {
        let provider: ProviderName
        let operation: SimulatedOperation
    }

    private var faults = FaultBook()
    private var seen: [Seen: Int] = [:]

    func put(_ fault: Fault) { faults.put(fault) }
    func clearFaults() { faults.clear() }

    /// Counts a request, and tells what is to befall it.
    func arrival(at provider: ProviderName, _ operation: SimulatedOperation) -> Fault? {
        seen[Seen(provider: provider, operation: operation), default: 0] += 1
        return faults.next(for: provider, operation)
    }

    func requests(at provider: ProviderName, _ operation: SimulatedOperation) -> Int {
        seen[Seen(provider: provider, operation: operation), default: 0]
    }
}
