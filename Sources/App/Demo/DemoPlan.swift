import Foundation
import Sessions
import Values

/// What is held in a demo from two weeks before its first start to two weeks after it. The same beginning gives the same
/// plan, so that a process that was killed while it booked is followed by one that goes on.
struct DemoPlan: Sendable {
    struct Session: Sendable {
        let series: DemoSeries
        let title: String
        let start: Date
        let outcome: Outcome
        /// A few days before, as counselors do.
        let bookedAt: Date

        var time: TimeRange { TimeRange(start: start, duration: .minutes(series.minutes)) }
        var people: Set<String> { Set([series.host] + series.students) }
    }

    enum Outcome: Sendable { case scheduled, cancelled, refused, unknown }

    static let halfLength = Duration.hours(14 * 24)

    let begin: Date
    /// As they were booked, one after the other.
    let sessions: [Session]

    /// - Parameter begin: when the demo was started first.
    init(beginningAt begin: Date) {
        let begin = Date(timeIntervalSince1970: begin.timeIntervalSince1970.rounded(.down))
        self.begin = begin
        let held = DemoSeries.all.flatMap { Self.sessions(of: $0, around: begin) }
        let now = Self.sessionOfNow(begin, beside: held)
        sessions = (held + [now].compactMap(\.self)).sorted { ($0.bookedAt, $0.start) < ($1.bookedAt, $1.start) }
    }

    static func timeZone(of local: String) -> TimeZone {
        DemoCompany.northlight.people.first { $0.local == local }.flatMap { TimeZone(identifier: $0.timeZone) } ?? .gmt
    }

    private static func sessions(of series: DemoSeries, around begin: Date) -> [Session] {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = timeZone(of: series.host)
        guard let monday = calendar.dateInterval(of: .weekOfYear, for: begin)?.start else { return [] }
        let first = begin.advanced(by: .zero - halfLength), last = begin.advanced(by: halfLength)
        let times: [(week: Int, start: Date)] = (-2...2).compactMap { week in
            let place = DateComponents(day: 7 * week + series.weekday, hour: series.hour, minute: series.minute)
            // Hours are added to midnight, and no clock is changed on a working day.
            guard series.rhythm.holds(in: week), let start = calendar.date(byAdding: place, to: monday),
                first <= start, start < last
            else { return nil }
            return (week, start)
        }
        let turning = series.turn?.start(among: times.map(\.start), from: begin)
        return times.map { week, start in
            Session(
                series: series, title: series.title(in: week), start: start,
                outcome: start == turning ? series.turn?.outcome ?? .scheduled : .scheduled,
                bookedAt: bookedAt(start, begin))
        }
    }

    /// Six days before, and before the demo begins.
    private static func bookedAt(_ start: Date, _ begin: Date) -> Date {
        min(start.advanced(by: .hours(-6 * 24)), begin.advanced(by: .hours(-3)))
    }

    /// One that is being held while somebody looks at the demo for the first time: it began on the last half hour.
    private static func sessionOfNow(_ begin: Date, beside others: [Session]) -> Session? {
        let half = Duration.minutes(30) / .seconds(1)
        let start = Date(timeIntervalSince1970: (begin.timeIntervalSince1970 / half).rounded(.down) * half)
        let candidates = DemoSeries.pairsByDay.lazy.map { pair in
            Session(
                series: DemoSeries(
                    titles: ["Questions before the exam"], kind: .regularMentoring, host: pair.host,
                    students: [pair.student], weekday: 0, hour: 0, minute: 0, minutes: 60, provider: .zoom),
                title: "Questions before the exam", start: start, outcome: .scheduled,
                bookedAt: bookedAt(start, begin))
        }
        return candidates.first { one in
            one.isByDay && !others.contains { $0.time.overlaps(one.time) && !$0.people.isDisjoint(with: one.people) }
        }
    }
}

extension DemoPlan.Session {
    /// Whether nobody who takes part begins before seven, or ends after half past ten at night.
    var isByDay: Bool {
        people.allSatisfy { person in
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = DemoPlan.timeZone(of: person)
            let parts = calendar.dateComponents([.hour, .minute], from: start)
            let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
            return minute >= 7 * 60 && minute + series.minutes <= 22 * 60 + 30
        }
    }
}

extension DemoSeries {
    /// - Parameter week: -2 at least.
    fileprivate func title(in week: Int) -> String {
        let held = rhythm == .weekly ? week + 2 : (week + 2) / 2
        return titles[held % titles.count]
    }
}

extension DemoSeries.Rhythm {
    fileprivate func holds(in week: Int) -> Bool {
        switch self {
        case .weekly: true
        case .evenWeeks: week.isMultiple(of: 2)
        case .oddWeeks: !week.isMultiple(of: 2)
        }
    }
}

extension DemoSeries.Turn {
    fileprivate var outcome: DemoPlan.Outcome {
        switch self {
        case .nextCancelled: .cancelled
        case .nextRefused, .lastRefused: .refused
        case .nextUnknown: .unknown
        }
    }

    /// Which session it befalls. One that is over cannot be cancelled.
    fileprivate func start(among starts: [Date], from begin: Date) -> Date? {
        switch self {
        case .lastRefused: starts.last { $0 < begin }
        case .nextCancelled, .nextRefused, .nextUnknown: starts.first { $0 > begin.advanced(by: .hours(2)) }
        }
    }
}
