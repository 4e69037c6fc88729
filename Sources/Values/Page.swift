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
}

extension Page: Encodable where Item: Encodable {
    private enum CodingKeys: String, CodingKey { case items, nextCursor }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}

/// A place in a list ordered by time and id. Opaque to clients.
package struct Cursor: Sendable, Hashable {
    package let moment: Date
    package let id: UUID

    package init(moment: Date, id: UUID) {
        self.moment = moment
        self.id = id
    }

    package var text: String {
        let microseconds = Int64((moment.timeIntervalSince1970 * 1_000_000).rounded())
        return Data("\(microseconds) \(id.uuidString)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// `nil` when `text` is not a cursor that we gave out.
    package init?(_ text: String) {
        guard text.utf8.count <= 128 else { return nil }
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        while base64.utf8.count % 4 != 0 { base64 += "=" }
        guard let data = Data(base64Encoded: base64), let plain = String(data: data, encoding: .utf8) else {
            return nil
        }
        let parts = plain.split(separator: " ")
        guard parts.count == 2, let microseconds = Int64(parts[0]), abs(microseconds) < 1 << 52,
            let id = UUID(uuidString: String(parts[1]))
        else { return nil }
        moment = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        self.id = id
    }
}
