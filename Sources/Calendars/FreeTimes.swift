package import Foundation
package import Values

/// When people who are busy now and then could meet. A pure value: it is given their busy times and finds the gaps.
///
/// Starts lie on the quarter hours of the clock in `timeZone`, within ``day``, the hours in which people expect to be
/// asked. Time zones with daylight saving are followed: what counts is the wall clock at that moment.
package struct FreeTimes: Sendable {
    /// From 08:00 to 21:00 on the provider's clock.
    package static let day = 8 * 60..<21 * 60

    private let busy: [TimeRange]
    private let duration: Duration
    private let timeZone: TimeZone

    /// - Parameter busy: of everybody concerned, in any order, overlapping as they like.
    package init(busy: [TimeRange], duration: Duration, timeZone: TimeZone) {
        self.busy = Self.merged(busy)
        self.duration = duration
        self.timeZone = timeZone
    }

    /// Every free time that starts in `window`, soonest first, at most `limit`.
    package func within(_ window: TimeRange, limit: Int = 500) -> [TimeRange] {
        var found: [TimeRange] = []
        var start = Self.roundedUp(window.start)
        while start < window.end, found.count < limit {
            if let candidate = candidate(at: start) { found.append(candidate) }
            start = start.advanced(by: Self.step)
        }
        return found
    }

    /// The `count` free times nearest to `wanted`, soonest first, none before `earliest` and none more than a
    /// fortnight away.
    package func nearest(to wanted: Date, notBefore earliest: Date, count: Int = 3) -> [TimeRange] {
        var found: [TimeRange] = []
        let origin = Self.roundedUp(wanted)
        for distance in 0..<(14 * 24 * 4) where found.count < count {
            let offset = Self.step * distance
            for start in distance == 0 ? [origin] : [origin.advanced(by: .zero - offset), origin.advanced(by: offset)]
            where start >= earliest && found.count < count {
                if let candidate = candidate(at: start) { found.append(candidate) }
            }
        }
        return found.sorted { $0.start < $1.start }
    }

    private static let step = Duration.minutes(15)

    private func candidate(at start: Date) -> TimeRange? {
        let offset = timeZone.secondsFromGMT(for: start)
        let minute = Int(saturating: (start.timeIntervalSince1970 + Double(offset)) / 60) % 1440
        guard minute % 15 == 0, Self.day.contains(minute), minute + duration.wholeMinutes <= Self.day.upperBound
        else { return nil }
        let candidate = TimeRange(start: start, duration: duration)
        return isFree(candidate) ? candidate : nil
    }

    private func isFree(_ candidate: TimeRange) -> Bool {
        // The first busy time that ends after the candidate begins is the only one that can be in the way.
        var low = 0
        var high = busy.count
        while low < high {
            let middle = (low + high) / 2
            if busy[middle].end > candidate.start { high = middle } else { low = middle + 1 }
        }
        return low == busy.count || !busy[low].overlaps(candidate)
    }

    private static func merged(_ ranges: [TimeRange]) -> [TimeRange] {
        ranges.sorted { $0.start < $1.start }.reduce(into: []) { merged, range in
            guard let last = merged.last, range.start <= last.end else { return merged.append(range) }
            merged[merged.count - 1] = TimeRange(start: last.start, end: max(last.end, range.end))
        }
    }

    /// Every zone's offset is a multiple of a quarter of an hour today, so quarters of UTC are quarters of the clock.
    private static func roundedUp(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 / 900).rounded(.up) * 900)
    }
}
