/// What one simulated provider knows. It is lost when the process ends.
actor SimulatedState<Contents: Sendable> {
    private var contents: Contents

    init(_ contents: Contents) { self.contents = contents }

    func callAsFunction<T: Sendable>(_ change: @Sendable (inout Contents) throws -> T) rethrows -> T {
        try change(&contents)
    }
}
