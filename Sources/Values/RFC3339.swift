package import Foundation

/// Times on the wire: RFC 3339 with any offset in, UTC with a `Z` out. Fractions of a second appear only when there
/// are some, as milliseconds.
package enum RFC3339 {
    /// Strict: a day that there is, hours to 23, minutes and seconds to 59, at most nine digits of a second's fraction,
    /// an offset of at most 14 hours, and nothing behind it. `T` and `Z` may be small; no blank stands for the `T`.
    ///
    /// A leap second (`23:59:60`) is refused: neither `Date` nor PostgreSQL has it, and a second later is another time
    /// than was asked for.
    /// - Returns: `nil` for anything else, a time without an offset included: which instant that is would be a guess.
    package static func date(from text: String) -> Date? {
        guard text.utf8.count <= 35 else { return nil }
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.take("T", "t") != nil,
            let hour = reader.number(digits: 2, within: 0...23), reader.take(":") != nil,
            let minute = reader.number(digits: 2, within: 0...59), reader.take(":") != nil,
            let second = reader.number(digits: 2, within: 0...59), let fraction = reader.fraction(),
            let offset = Self.offset(&reader), reader.isAtEnd
        else { return nil }
        let seconds = day.number * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Minutes, east of Greenwich. No clock on Earth is further than 14 hours from it.
    private static func offset(_ reader: inout DigitReader) -> Int? {
        guard let sign = reader.take("Z", "z", "+", "-") else { return nil }
        if sign == "Z" || sign == "z" { return 0 }
        guard let hours = reader.number(digits: 2, within: 0...14), reader.take(":") != nil,
            let minutes = reader.number(digits: 2, within: 0...(hours == 14 ? 0 : 59))
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
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
