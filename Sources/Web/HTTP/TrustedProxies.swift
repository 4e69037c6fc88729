import Foundation
package import HTTPTypes
package import Values

/// Whose word on where a request comes from is taken: the proxies in front of us, and nobody else's.
package struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    package init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    /// The address nearest to us that is none of our proxies. `X-Forwarded-For` is read from its end, where our own
    /// proxy has written; what stands before the first stranger may be anybody's invention.
    /// - Parameter peer: who has the connection.
    package func client(of headers: HTTPFields, peer: String?) -> String? {
        guard var address = peer.flatMap(IPAddress.init)?.unmapped else { return nil }
        var hops = headers[values: HTTPField.Name("X-Forwarded-For")!].joined(separator: ",")
            .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        while networks.contains(where: { $0.contains(address) }), let hop = hops.popLast(),
            let next = IPAddress(hop)
        {
            address = next.unmapped
        }
        return address.text
    }
}
