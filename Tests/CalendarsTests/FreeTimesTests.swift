import Calendars
import Foundation
import Testing
import Values

@Suite struct FreeTimesTests {
    private static let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private func at(_ text: String) -> Date { RFC3339.date(from: text) ?? .distantPast }

    private func range(_ start: String, _ end: String) -> TimeRange { TimeRange(start: at(start), end: at(end)) }

    @Test func `a time that begins when another ends is free`() {
        let times = FreeTimes(
            busy: [range("2026-12-01T10:00:00+01:00", "2026-12-01T11:00:00+01:00")], duration: .minutes(60),
            timeZone: Self.berlin)

        let found = times.within(range("2026-12-01T10:45:00+01:00", "2026-12-01T11:15:00+01:00"))

        #expect(found.map(\.start) == [at("2026-12-01T11:00:00+01:00")])
    }

    @Test func `the day begins at eight and ends at nine in the evening on the person's clock`() {
        let times = FreeTimes(busy: [], duration: .minutes(60), timeZone: Self.berlin)

        let found = times.within(range("2026-12-01T00:00:00+01:00", "2026-12-02T00:00:00+01:00"))

        #expect(found.first?.start == at("2026-12-01T08:00:00+01:00"))
        #expect(found.last?.end == at("2026-12-01T21:00:00+01:00"))
        #expect(found.count == 12 * 4 + 1)
    }

    @Test func `the wall clock counts on both sides of a change to summer time`() {
        let times = FreeTimes(busy: [], duration: .minutes(60), timeZone: Self.berlin)

        let before = times.within(range("2027-03-27T00:00:00+01:00", "2027-03-28T00:00:00+01:00"))
        let after = times.within(range("2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00"))

        #expect(before.first?.start == at("2027-03-27T08:00:00+01:00"))
        #expect(after.first?.start == at("2027-03-28T08:00:00+02:00"))
        #expect(before.count == after.count)
    }

    @Test func `a zone with a quarter of an hour in its offset has its own quarters`() {
        let times = FreeTimes(
            busy: [], duration: .minutes(60), timeZone: TimeZone(identifier: "Asia/Kathmandu") ?? .gmt)

        let found = times.within(range("2026-12-01T00:00:00+05:45", "2026-12-02T00:00:00+05:45"))

        #expect(found.first?.start == at("2026-12-01T08:00:00+05:45"))
    }

    @Test func `the nearest three are offered in their order, none in the past`() {
        let times = FreeTimes(
            busy: [range("2026-12-01T10:00:00+01:00", "2026-12-01T11:00:00+01:00")], duration: .minutes(60),
            timeZone: Self.berlin)

        let found = times.nearest(
            to: at("2026-12-01T10:00:00+01:00"), notBefore: at("2026-12-01T09:00:00+01:00"))

        #expect(
            found.map(\.start) == [
                at("2026-12-01T09:00:00+01:00"), at("2026-12-01T11:00:00+01:00"), at("2026-12-01T11:15:00+01:00"),
            ])
    }

    @Test func `overlapping busy times in any order are one`() {
        let times = FreeTimes(
            busy: [
                range("2026-12-01T09:30:00Z", "2026-12-01T12:00:00Z"),
                range("2026-12-01T08:00:00Z", "2026-12-01T10:00:00Z"),
                range("2026-12-01T11:00:00Z", "2026-12-01T11:30:00Z"),
            ], duration: .minutes(30), timeZone: .gmt)

        let found = times.within(range("2026-12-01T08:00:00Z", "2026-12-01T12:15:00Z"))

        #expect(found.map(\.start) == [at("2026-12-01T12:00:00Z")])
    }

    /// Compares with the plainest search there is.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `whatever the busy times, only free times are found, and all of them`(
        seed: UInt64
    ) {
        var random = Seeded(state: seed)
        let origin = at("2026-12-01T00:00:00Z")
        let busy = (0..<12).map { _ in
            TimeRange(
                start: origin.advanced(by: .minutes(Int.random(in: 0..<1440 * 3, using: &random))),
                duration: .minutes(Int.random(in: 5...240, using: &random)))
        }
        let window = TimeRange(start: origin, duration: .hours(72))
        let times = FreeTimes(busy: busy, duration: .minutes(45), timeZone: .gmt)

        let found = times.within(window)

        let expected = stride(from: 0, to: 72 * 60, by: 15).map { origin.advanced(by: .minutes($0)) }
            .map { TimeRange(start: $0, duration: .minutes(45)) }
            .filter { candidate in
                let minute = Int(saturating: candidate.start.timeIntervalSince(origin) / 60) % 1440
                return minute >= 8 * 60 && minute + 45 <= 21 * 60 && !busy.contains { $0.overlaps(candidate) }
            }
        #expect(found == expected)
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
