import Foundation
import HTTP
import Identity
import Sessions
import Values

/// What "my week" shows.
struct WeekPage: Sendable {
    struct Day: Sendable {
        let date: String, weekday: String, dayNumber: Int, isToday: Bool, label: String
        let sessions: [Entry]
    }

    let timeZone: String, timeZoneOffset: String, rangeLabel: String
    let previous: String, next: String, todayHref: String
    let isThisWeek: Bool
    let days: [Day]
    let hasSessions: Bool
    /// In place of the words about an empty week.
    let checklist: Checklist?
    let isEmpty: Bool
    /// How many sessions are shown, where the week has more.
    let cutAt: Int?

    /// The most that a week shows.
    static let most = 200
    /// For the legend.
    let kinds = SessionKind.allCases.map { Choice(value: $0.rawValue, label: $0.label) }

    /// The days of the week that holds `day`, from Monday to Monday.
    static func range(around day: Date, _ time: LocalTime) -> TimeRange {
        let week = time.calendar.dateInterval(of: .weekOfYear, for: day)
        return TimeRange(start: week?.start ?? day, end: week?.end ?? day.advanced(by: .hours(168)))
    }

    /// - Parameter found: what takes place within the week, also what begins before it.
    init(_ week: TimeRange, _ found: Page<SessionView>, checklist: Checklist?, visitor: Visitor, now: Date) {
        let sessions = found.items
        let time = LocalTime(visitor.profile.timeZone)
        let calendar = time.calendar
        days = (0..<7).compactMap { number in
            // Not each by adding a day to the one before: where clocks change at midnight, days begin at 01:00, too.
            guard let noon = calendar.date(byAdding: DateComponents(day: number, hour: 12), to: week.start),
                let day = calendar.dateInterval(of: .day, for: noon)
            else { return nil }
            return Day(
                date: time.isoDay(noon), weekday: time.weekday(noon), dayNumber: calendar.component(.day, from: noon),
                isToday: day.start <= now && now < day.end, label: time.date(noon),
                sessions: sessions.filter { $0.scheduledAt < day.end && $0.end > day.start }.map {
                    Entry($0, on: day, visitor: visitor, time, now: now)
                })
        }
        timeZone = ZoneName.ofToday(visitor.profile.timeZone)
        timeZoneOffset = time.offsets(from: week.start, to: week.end)
        let last = week.end.addingTimeInterval(-1)
        rangeLabel = time.range(week.start, last)
        func link(_ weeks: Int) -> String {
            "/week?from=" + time.isoDay(calendar.date(byAdding: .day, value: weeks * 7, to: week.start) ?? week.start)
        }
        previous = link(-1)
        next = link(1)
        todayHref = "/week"
        isThisWeek = week.start <= now && now < week.end
        hasSessions = days.contains { !$0.sessions.isEmpty }
        self.checklist = checklist
        isEmpty = !hasSessions && checklist == nil
        cutAt = found.nextCursor == nil ? nil : sessions.count
    }
}

extension WeekPage: TitledPage {
    static func page(_ sessions: SessionService, clock: any WallClock) -> WebPage {
        .member("/week", title: "My week", template: "week/week") { request, visitor in
            let time = LocalTime(visitor.profile.timeZone)
            let wanted = request.query["from"].flatMap(time.day(from:)) ?? clock.now
            let week = range(around: wanted, time)
            var filter = SessionFilter()
            filter.role = visitor.part
            filter.endingAfter = week.start
            filter.to = week.end
            let found = try await sessions.sessions(filter, after: nil, limit: most, as: visitor.actor)
            return WeekPage(
                week, found, checklist: try await checklist(sessions, visitor), visitor: visitor, now: clock.now)
        }
    }

    private static func checklist(_ sessions: SessionService, _ visitor: Visitor) async throws -> Checklist? {
        guard visitor.canBook, let progress = try await sessions.firstSteps(as: visitor.actor) else { return nil }
        return Checklist(
            progress, providers: try await sessions.providers(as: visitor.actor), role: visitor.role)
    }

    var pageTitle: String { rangeLabel }
}

extension WeekPage {
    /// A session, or the part of it that lies on one day.
    struct Entry: Sendable {
        let id: String, href: String, title: String, kind: String, kindLabel: String, status: String
        let statusLabel: String, isOver: Bool
        /// Of the whole session, whatever part this is.
        let startLabel: String, endLabel: String
        /// The weekday on which it began, for the part on the next day.
        let begunOn: String?
        /// Where it stands among the hours of the day, as a clock on the wall shows them.
        let startMinute: Int, minutes: Int
        let people: String

        init(_ session: SessionView, on day: DateInterval, visitor: Visitor, _ time: LocalTime, now: Date) {
            let isContinued = session.scheduledAt < day.start
            let start = max(session.scheduledAt, day.start), end = min(session.end, day.end)
            let from = time.minuteOfDay(start)
            let to = end == day.end ? 1440 : time.minuteOfDay(end)
            id = session.sessionId.description + (isContinued ? "-continued" : "")
            href = "/sessions/\(session.sessionId)"
            title = session.title
            kind = session.kind.rawValue
            kindLabel = session.kind.label
            status = session.status.rawValue
            statusLabel = session.statusLabel(at: now)
            isOver = session.isOver(at: now)
            startLabel = time.clock(session.scheduledAt)
            endLabel =
                isContinued ? time.clock(session.end) : time.end(of: session.scheduledAt, minutes: session.duration)
            begunOn = isContinued ? time.weekday(session.scheduledAt) : nil
            startMinute = from
            // Where the clock is put back meanwhile it may show an earlier time at the end.
            minutes = to > from ? to - from : min(Int(saturating: end.timeIntervalSince(start) / 60), 1440 - from)
            people = session.others(than: visitor.profile.id)
        }
    }
}

extension SessionView {
    /// The names of everybody but one.
    func others(than user: UserID) -> String {
        self.people.filter { $0.userId != user }.map(\.name.isolated).joined(separator: ", ")
    }
}
