/// A provider that is simulated here; its name is the first part of its paths.
package enum SimulatedProvider: String, Codable, Sendable, CaseIterable {
    case zoom, feishu
}

/// What a request does, as faults name it. Reads count as ``any`` alone.
package enum SimulatedOperation: String, Codable, Sendable {
    case token, create, update, cancel, any
}
