package import Foundation

/// Times on the wire: RFC 3339 with any offset in, UTC with a `Z` out. Fractions of a second appear only when there
/// are some, as milliseconds.
package enum RFC3339 {
    /// `nil` for anything else, a time without an offset included: which instant that is would be a guess.
    package static func date(from text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        let style = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? style.parse(text)) ?? (try? fractional.parse(text))
    }

    /// Rounded down, so that asking for what was then or later finds what is shown with that time. (Half a microsecond
    /// more than nothing is added first: a `Date` does not hold every millisecond exactly.)
    package static func text(from date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1000 + 0.0005).rounded(.down)
        let whole = milliseconds.truncatingRemainder(dividingBy: 1000) == 0
        // The style cuts off; from the middle of the millisecond it cannot fall into the one before.
        return Date(timeIntervalSince1970: (milliseconds + 0.5) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: !whole))
    }
}

extension JSONEncoder {
    /// How every JSON document of ours is written: RFC 3339 times in UTC, slashes as they are, keys in one order.
    package static var convene: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.text(from: date))
        }
        return encoder
    }
}

extension JSONDecoder {
    /// Reads what ``Foundation/JSONEncoder/convene`` writes, and any other RFC 3339 offset.
    package static var convene: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = RFC3339.date(from: try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "not an RFC 3339 time with an offset")
            }
            return date
        }
        return decoder
    }
}
