package import Glibc

/// An address in network order: 4 bytes or 16.
package struct IPAddress: Sendable, Hashable {
    package let bytes: [UInt8]

    /// `nil` for what is neither IPv4 nor IPv6.
    package init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr, Array.init)
        case AF_INET6:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr, Array.init)
        default:
            return nil
        }
    }

    /// `nil` when `text` is not an address in its usual notation.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four, Array.init)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: six, Array.init)
        } else {
            return nil
        }
    }

    /// Whether the IANA special-purpose registries leave the address to the public Internet.
    package var isPublic: Bool {
        if bytes.count == 4 {
            return !Self.specialIPv4.contains(where: contains)
        }
        // Only global unicast: that leaves out loopback, link-local, unique local and multicast addresses, and those
        // that wrap an IPv4 address (mapped ::ffff:0:0/96, NAT64 64:ff9b::/96).
        return contains(Self.globalUnicast) && !Self.specialIPv6.contains(where: contains)
    }

    package var isLoopback: Bool {
        bytes.first == 127 && bytes.count == 4 || mappedIPv4?.isLoopback == true
            || bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// What one customer of an Internet provider has: the address itself, or the /64 that an IPv6 address lies in.
    package var network: String {
        if bytes.count == 4 || mappedIPv4 != nil { return text }
        return bytes.prefix(8).hex + "/64"
    }

    /// The IPv4 address that it stands for, or itself.
    package var unmapped: IPAddress { mappedIPv4 ?? self }

    /// The IPv4 address within `::ffff:0:0/96`, as a socket for both families shows it.
    private var mappedIPv4: IPAddress? {
        bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF])
            ? IPAddress(bytes: Array(bytes.suffix(4))) : nil
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func contains(_ network: (prefix: [UInt8], bits: Int)) -> Bool {
        isWithin(network.prefix, bits: network.bits)
    }

    /// Whether its first `bits` bits are those of `prefix`, which may leave zeros at its end out.
    func isWithin(_ prefix: [UInt8], bits: Int) -> Bool {
        for index in 0..<((bits + 7) / 8) {
            let some = min(8, bits - index * 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - some))
            let wanted = index < prefix.count ? prefix[index] : 0
            guard bytes[index] & mask == wanted & mask else { return false }
        }
        return true
    }

    /// As `inet_pton` reads it again: dotted for IPv4, also where it came within an IPv6 address, else hexadecimal.
    package var text: String {
        let plain = unmapped
        if plain.bytes.count == 4 { return plain.bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(Int(plain.bytes[$0]) << 8 | Int(plain.bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    private static let globalUnicast: (prefix: [UInt8], bits: Int) = ([0x20], 3)

    private static let specialIPv4: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8),  // this network
        ([10], 8), ([172, 16], 12), ([192, 168], 16),  // private
        ([100, 64], 10),  // shared by carriers (CGNAT)
        ([127], 8),  // loopback
        ([169, 254], 16),  // link-local, and where clouds keep their metadata
        ([192, 0, 0], 24), ([192, 88, 99], 24),  // protocol assignments, 6to4 relays
        ([192, 0, 2], 24), ([198, 51, 100], 24), ([203, 0, 113], 24),  // documentation
        ([198, 18], 15),  // benchmarks
        ([224], 4), ([240], 4),  // multicast, reserved, broadcast
    ]

    private static let specialIPv6: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0], 23),  // protocol assignments, Teredo among them
        ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x3F, 0xFF, 0], 20),  // documentation
        ([0x20, 0x02], 16),  // 6to4: wraps an IPv4 address
    ]
}
