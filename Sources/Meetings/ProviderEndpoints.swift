package import Foundation

/// An address at which a provider is reached.
package struct ProviderEndpoint: Sendable {
    /// The environment variable that names another address for the installation's own account.
    package let variable: String
    let official: URL
    /// Its path at the simulators.
    let simulated: String

    init(_ variable: String, official: String, simulated: String) {
        guard let url = URL(string: official) else { preconditionFailure("\(official) is no address") }
        self.variable = variable
        self.official = url
        self.simulated = simulated
    }
}

/// Where providers are reached: at their official addresses unless others are set, or in a demo at their simulators.
/// None of it is said by an organization: an address that anybody can set is an address inside our network.
package struct ProviderEndpoints: Sendable {
    private let simulators: URL?
    private let others: [String: URL]

    package static let official = ProviderEndpoints(simulators: nil, others: [:])

    /// - Parameter base: where `convene simulate` listens, or what does its work in this process.
    package static func simulators(at base: URL) -> ProviderEndpoints {
        ProviderEndpoints(simulators: base, others: [:])
    }

    /// - Parameter others: by the variable that set it.
    package static func official(but others: [String: URL]) -> ProviderEndpoints {
        ProviderEndpoints(simulators: nil, others: others)
    }

    subscript(endpoint: ProviderEndpoint) -> URL {
        if let simulators { return simulators.appending(path: endpoint.simulated) }
        return others[endpoint.variable] ?? endpoint.official
    }
}
