/// A block of addresses, such as `10.0.0.0/8`, `fd00::/8`, or one address alone.
package struct IPNetwork: Sendable, Hashable {
    private let prefix: IPAddress
    private let bits: Int

    /// `nil` when `text` is no network in CIDR notation (RFC 4632, RFC 4291).
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard let first = parts.first, let prefix = IPAddress(first) else { return nil }
        let all = prefix.bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : all, (0...all).contains(bits) else { return nil }
        self.prefix = prefix
        self.bits = bits
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == prefix.bytes.count && address.isWithin(prefix.bytes, bits: bits)
    }
}
