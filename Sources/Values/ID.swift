package import Foundation

/// The identifier of one kind of thing, so that a student's id cannot be passed where a session's is wanted.
///
/// It is a UUID of version 7 (RFC 9562): made by us, before the row exists, and rising with time, so that new rows
/// lie beside each other in an index. Its text is lower-case with hyphens, on the wire and in the database.
package struct ID<Owner>: Hashable, Sendable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// A new identifier whose first 48 bits are `moment` in milliseconds since 1970 and whose other bits are random.
    package init(at moment: Date) {
        let milliseconds = UInt64(saturating: moment.timeIntervalSince1970 * 1000)
        var random = SystemRandomNumberGenerator()
        let high = (milliseconds << 16) | 0x7000 | (random.next() & 0x0FFF)
        let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        uuid = UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}

extension ID: LosslessStringConvertible {
    package var description: String { uuid.uuidString.lowercased() }

    /// `nil` when `text` is not a UUID in its 36-character form.
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }
}

extension ID: Comparable {
    /// The order of the bytes, which is PostgreSQL's order of `uuid` too.
    package static func < (left: Self, right: Self) -> Bool {
        withUnsafeBytes(of: left.uuid.uuid) { left in
            withUnsafeBytes(of: right.uuid.uuid) { right in left.lexicographicallyPrecedes(right) }
        }
    }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        uuid = try decoder.singleValueContainer().decode(UUID.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
