import Foundation
package import HTTPTypes
package import Values

/// Whose word on where a request comes from is taken: the proxies in front of us, and nobody else's.
package struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    package init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    func contains(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    package var isEmpty: Bool { networks.isEmpty }

    /// The address nearest to us that is none of our proxies. `X-Forwarded-For` is read from its end, where our own
    /// proxy has written; what stands before the first stranger may be anybody's invention.
    /// - Parameter peer: who has the connection.
    package func client(of headers: HTTPFields, peer: String?) -> String? {
        guard var address = peer.flatMap({ IPAddress($0) })?.unmapped else { return nil }
        var hops = headers[values: HTTPField.Name("X-Forwarded-For")!].joined(separator: ",")
            .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        while contains(address), let hop = hops.popLast(),
            let next = IPAddress(withoutPort: hop)
        {
            address = next.unmapped
        }
        return address.text
    }
}

extension IPAddress {
    /// An address as proxies write it: alone, or with the port that the request came from (`203.0.113.7:51234`,
    /// `[2001:db8::7]:443`), which Azure and IIS add.
    fileprivate init?(withoutPort text: String) {
        if let address = IPAddress(text) {
            self = address
            return
        }
        let host: Substring
        let port: Substring
        if text.first == "[", let end = text.lastIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            port = text[text.index(after: end)...]
            guard host.contains(":") else { return nil }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...]
            guard !host.contains(":") else { return nil }
        } else {
            return nil
        }
        guard port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil,
            let address = IPAddress(String(host))
        else { return nil }
        self = address
    }
}
