package import Foundation

/// A stretch of time that holds its start but not its end, as `tstzrange '[)'` does: a lesson that ends at ten and
/// one that starts at ten do not overlap.
package struct TimeRange: Hashable, Sendable {
    package let start: Date
    package let end: Date

    /// - Precondition: `duration` is positive.
    package init(start: Date, duration: Duration) {
        precondition(duration > .zero)
        self.start = start
        self.end = start.advanced(by: duration)
    }

    /// - Precondition: `start` is before `end`.
    package init(start: Date, end: Date) {
        precondition(start < end)
        self.start = start
        self.end = end
    }

    package var duration: Duration { .seconds(end.timeIntervalSince(start)) }

    package func overlaps(_ other: TimeRange) -> Bool { start < other.end && other.start < end }
}

extension Date {
    package func advanced(by duration: Duration) -> Date {
        addingTimeInterval(duration / .seconds(1))
    }
}

extension Duration {
    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int) -> Duration { .minutes(count * 60) }

    /// Whole minutes, rounded down.
    package var wholeMinutes: Int { Int(components.seconds / 60) }
    /// Whole seconds, rounded down.
    package var wholeSeconds: Int { Int(components.seconds) }
}

extension TimeRange: Codable {
    private enum CodingKeys: String, CodingKey { case start, end }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let start = try container.decode(Date.self, forKey: .start)
        let end = try container.decode(Date.self, forKey: .end)
        guard start < end else {
            throw DecodingError.dataCorruptedError(
                forKey: .end, in: container, debugDescription: "a time range ends after it starts")
        }
        self.init(start: start, end: end)
    }
}
