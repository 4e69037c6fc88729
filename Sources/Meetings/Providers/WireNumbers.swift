import Foundation

// Numbers as providers send them. Whatever stands there, the outcome is a value or `nil`, and a value is within what
// can be meant: arithmetic on it does not overflow, and the database takes it.

extension Date {
    /// Unix time in whole seconds, or in milliseconds when there are 12 digits or more, between the years 2000 and 2100.
    /// - Returns: `nil` for anything but ASCII digits, and for times outside those years.
    init?(unixDigits text: String) {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text)
        else { return nil }
        let seconds = text.utf8.count < 12 ? number : number / 1000
        guard (946_684_800..<4_102_444_800).contains(seconds) else { return nil }
        self.init(timeIntervalSince1970: text.utf8.count < 12 ? Double(number) : Double(number) / 1000)
    }
}

/// The positive number by which a provider names something of its own.
struct WireID: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try container.decode(UInt64.self)
        guard number > 0 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "0 names nothing")
        }
        text = String(number)
    }
}

extension Duration {
    /// The longest that a provider is waited for: a limit may last until midnight, and a mistake for years.
    private static let longestWait = 86_400.0

    /// A wait in seconds, with or without a fraction. One of more than a day is a day.
    /// - Returns: `nil` for a negative number and for what is none, such as a date.
    init?(secondsToWait text: String) {
        guard text.utf8.count <= 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let seconds = Double(text)
        else { return nil }
        self = .seconds(min(seconds, Self.longestWait))
    }

    /// How long a token is valid: a day at most, and not at all for a number that is no length of time.
    init(tokenLifetime seconds: Int) {
        self = .seconds(min(max(seconds, 0), 86_400))
    }
}
