/// Everything that the simulated providers know. It is lost when the process ends.
actor SimulatedState {
    struct Seen: Hashable {
        let provider: SimulatedProvider
        let operation: SimulatedOperation
    }

    private var zoom: ZoomState
    private var feishu: FeishuState
    private var faults = FaultBook()
    private var seen: [Seen: Int] = [:]

    init(zoom: ZoomState, feishu: FeishuState) {
        self.zoom = zoom
        self.feishu = feishu
    }

    func atZoom<T: Sendable>(_ change: @Sendable (inout ZoomState) throws -> T) rethrows -> T {
        try change(&zoom)
    }

    func atFeishu<T: Sendable>(_ change: @Sendable (inout FeishuState) throws -> T) rethrows -> T {
        try change(&feishu)
    }

    func put(_ fault: Fault) { faults.put(fault) }
    func clearFaults() { faults.clear() }

    /// Counts a request, and tells what is to befall it.
    func arrival(at provider: SimulatedProvider, _ operation: SimulatedOperation) -> Fault? {
        seen[Seen(provider: provider, operation: operation), default: 0] += 1
        return faults.next(for: provider, operation)
    }

    func requests(at provider: SimulatedProvider, _ operation: SimulatedOperation) -> Int {
        seen[Seen(provider: provider, operation: operation), default: 0]
    }

    var meetings: [ListedMeeting] { zoom.listedMeetings + feishu.listedMeetings }
}
