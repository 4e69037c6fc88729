import Foundation
import Identity
import Sessions
import Values

/// What "my week" shows.
struct WeekPage: Sendable {
    struct Day: Sendable {
        let date: String, weekday: String, dayNumber: Int, isToday: Bool, label: String
        let sessions: [Entry]
    }

    struct Entry: Sendable {
        let id: String, href: String, title: String, kind: String, kindLabel: String, status: String
        let statusLabel: String, startLabel: String, endLabel: String, startMinute: Int, minutes: Int, people: String
    }

    let timeZone: String, timeZoneOffset: String, rangeLabel: String
    let previous: String, next: String, todayHref: String
    let isThisWeek: Bool
    let days: [Day]
    let hasSessions: Bool

    /// The days of the week that holds `day`, from Monday to Monday.
    static func range(around day: Date, _ time: LocalTime) -> TimeRange {
        let week = time.calendar.dateInterval(of: .weekOfYear, for: day)
        return TimeRange(start: week?.start ?? day, end: week?.end ?? day.advanced(by: .hours(168)))
    }

    init(_ week: TimeRange, sessions: [SessionView], visitor: Visitor, now: Date) {
        let time = LocalTime(visitor.profile.timeZone)
        let calendar = time.calendar
        let mornings = (0..<7).compactMap { calendar.date(byAdding: .day, value: $0, to: week.start) }
        days = mornings.map { morning in
            Day(
                date: time.isoDay(morning), weekday: time.weekday(morning),
                dayNumber: calendar.component(.day, from: morning), isToday: calendar.isDate(morning, inSameDayAs: now),
                label: time.date(morning),
                sessions: sessions.filter { calendar.isDate($0.scheduledAt, inSameDayAs: morning) }.map {
                    Entry($0, visitor: visitor, time)
                })
        }
        timeZone = visitor.profile.timeZone
        timeZoneOffset = time.offset(at: week.start)
        rangeLabel = time.range(mornings.first ?? week.start, mornings.last ?? week.start)
        func link(_ weeks: Int) -> String {
            "/week?from=" + time.isoDay(calendar.date(byAdding: .day, value: weeks * 7, to: week.start) ?? week.start)
        }
        previous = link(-1)
        next = link(1)
        todayHref = "/week"
        isThisWeek = week.start <= now && now < week.end
        hasSessions = !sessions.isEmpty
    }
}

extension WeekPage.Entry {
    init(_ session: SessionView, visitor: Visitor, _ time: LocalTime) {
        let clock = time.calendar.dateComponents([.hour, .minute], from: session.scheduledAt)
        self.init(
            id: session.sessionId.description, href: "/sessions/\(session.sessionId)", title: session.title,
            kind: session.kind.rawValue, kindLabel: session.kind.label, status: session.status.rawValue,
            statusLabel: session.status.label,
            startLabel: time.clock(session.scheduledAt),
            endLabel: time.end(of: session.scheduledAt, minutes: session.duration),
            startMinute: (clock.hour ?? 0) * 60 + (clock.minute ?? 0), minutes: session.duration,
            people: session.others(than: visitor.profile.id))
    }
}

extension SessionView {
    /// The names of everybody but one.
    func others(than user: UserID) -> String {
        people.filter { $0.userId != user }.map(\.name).joined(separator: ", ")
    }
}
