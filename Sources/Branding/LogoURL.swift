import Foundation

/// Where an organization's logo lies. Browsers fetch it; we never do.
package struct LogoURL: Sendable, Hashable {
    package let text: String
    /// Scheme, host and port (RFC 6454), as a content security policy names a source of images.
    package let origin: String

    /// Why a text is no address of a logo.
    package enum Fault: Error, Equatable {
        case tooLong
        /// Not an absolute `https` URL in printable ASCII.
        case notHTTPS
        /// A name or password before the host.
        case userInfo
        case fragment
        /// Not a public name: an IP address in any spelling, a name without a dot, or one of a private network.
        case host
    }

    /// Characters.
    package static let longest = 2048

    /// - Throws: ``Fault``
    package init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.longest else { throw .tooLong }
        // The origin goes into a header, and a quote or a blank is in no URL (RFC 3986, 2).
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) }),
            let url = URLComponents(string: text), url.scheme?.lowercased() == "https"
        else { throw .notHTTPS }
        guard url.user == nil, url.password == nil, !(url.encodedHost ?? "").contains("@") else {
            throw .userInfo
        }
        guard url.fragment == nil else { throw .fragment }
        guard let host = url.encodedHost?.lowercased(), Self.isPublicName(host),
            (1...65_535).contains(url.port ?? 443)
        else { throw .host }
        self.text = text
        origin = "https://" + host + (url.port.map { ":\($0)" } ?? "")
    }

    /// Names of networks that are somebody's own (RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`).
    private static let privateDomains: Set = ["localhost", "local", "internal", "arpa", "onion"]

    private static func isPublicName(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.count >= 2, let last = labels.last,
            labels.allSatisfy({ label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D }
            })
        else { return false }
        // Browsers read a host whose last label is a number as an IPv4 address (WHATWG URL, 3.5), 0x7f and 1 included.
        let isNumber = last.allSatisfy(\.isNumber) || last.hasPrefix("0x")
        return !isNumber && !privateDomains.contains(String(last))
    }
}
