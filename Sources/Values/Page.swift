package import Foundation

/// One page of a list, and where the next one begins.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// `nil` on the last page.
    package let nextCursor: String?

    /// - Parameter found: up to `limit + 1` items; the one beyond the limit only tells that there is another page.
    package init(_ found: [Item], limit: Int, cursor: (Item) -> Cursor) {
        items = Array(found.prefix(limit))
        nextCursor = found.count > limit ? items.last.map { cursor($0).text } : nil
    }

    /// The only page of a list that is always short.
    package init(whole items: [Item]) {
        self.items = items
        nextCursor = nil
    }

    private init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// The same page of what each item becomes.
    package func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor)
    }
}

extension Page: Encodable where Item: Encodable {
    private enum CodingKeys: String, CodingKey { case items, nextCursor }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}

/// A place in a list that is ordered by a key and, where keys are equal, by id. Opaque to clients.
package struct Cursor: Sendable, Hashable {
    package let key: String
    package let id: UUID

    package init(key: String, id: UUID) {
        self.key = key
        self.id = id
    }

    /// A place in a list ordered by time, to the microsecond.
    package init(moment: Date, id: UUID) {
        self.init(key: String(Int64(saturating: (moment.timeIntervalSince1970 * 1_000_000).rounded())), id: id)
    }

    /// The time, of a cursor in a list ordered by time.
    package var moment: Date? {
        guard let microseconds = Int64(key), Self.microseconds.contains(microseconds) else { return nil }
        return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }

    /// Those that a `Date` holds exactly, and PostgreSQL too: 142 years to either side of 1970.
    private static let microseconds: ClosedRange<Int64> = -(1 << 52)...(1 << 52)

    package var text: String {
        Data("\(id.uuidString) \(key)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// `nil` when `text` is not a cursor that we could have given out.
    package init?(_ text: String) {
        guard text.utf8.count <= 1024 else { return nil }
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        while base64.utf8.count % 4 != 0 { base64 += "=" }
        guard let data = Data(base64Encoded: base64), let plain = String(data: data, encoding: .utf8) else {
            return nil
        }
        let parts = plain.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let id = UUID(uuidString: String(parts[0])), !parts[1].contains("\0") else {
            return nil
        }
        self.init(key: String(parts[1]), id: id)
        // Base64 has many spellings for the same bytes, and what was cut off may still be some.
        guard self.text == text else { return nil }
    }
}
