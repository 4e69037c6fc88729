import Access
import Foundation
import Sessions
import Values

// How the product's words are written for people, in English.

extension Role {
    var label: String {
        switch self {
        case .superAdmin: "Platform admin"
        case .admin: "Admin"
        case .counselor: "Counselor"
        case .mentor: "Mentor"
        case .student: "Student"
        }
    }
}

extension SessionKind {
    var label: String {
        switch self {
        case .regularMentoring: "Mentoring"
        case .gapAnalysis: "Gap analysis"
        case .aiCareer: "AI career"
        case .commSession: "Communication"
        case .classSession: "Class"
        }
    }

    var hint: String {
        switch self {
        case .regularMentoring: "One student and a mentor"
        case .gapAnalysis: "Where a student stands and wants to be"
        case .aiCareer: "Career planning with AI topics"
        case .commSession: "A talk with a counselor, not billed"
        case .classSession: "One mentor and several students"
        }
    }
}

extension SessionStatus {
    var label: String {
        switch self {
        case .pendingMeeting: "Creating the meeting"
        case .scheduled: "Scheduled"
        case .meetingFailed: "No meeting"
        case .completed: "Completed"
        case .cancelled: "Cancelled"
        }
    }
}

/// Dates and times as the pages write them, on one person's clock.
struct LocalTime: Sendable {
    let timeZone: TimeZone

    init(_ identifier: String) {
        timeZone = TimeZone(identifier: identifier) ?? .gmt
    }

    var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        calendar.firstWeekday = 2
        return calendar
    }

    /// `09:00`, and `02:30 (UTC+02:00)` within an hour that comes twice because clocks are put back.
    func clock(_ date: Date) -> String { bareClock(date) + (isDoubled(date) ? " (\(offset(at: date)))" : "") }

    private func bareClock(_ date: Date) -> String {
        style.hour(.twoDigits(amPM: .omitted)).minute(.twoDigits).format(date)
    }

    /// Whether the clock shows the same time of the same day at another moment, too.
    private func isDoubled(_ date: Date) -> Bool {
        let offset = timeZone.secondsFromGMT(for: date)
        return [-1, 1].contains { day in
            let other = timeZone.secondsFromGMT(for: date.advanced(by: .hours(24 * day)))
            guard other != offset else { return false }
            let twin = date.addingTimeInterval(TimeInterval(offset - other))
            return timeZone.secondsFromGMT(for: twin) == other
        }
    }

    /// `09:00 – 10:00`, and `23:30 – 00:30 +1` where it ends on the next day.
    func span(_ start: Date, minutes: Int) -> String { "\(clock(start)) – \(end(of: start, minutes: minutes))" }

    /// The second half of ``span(_:minutes:)``.
    func end(of start: Date, minutes: Int) -> String {
        let end = start.advanced(by: .minutes(minutes))
        let endsLater = calendar.startOfDay(for: end) > calendar.startOfDay(for: start) && bareClock(end) != "00:00"
        return clock(end) + (endsLater ? " +1" : "")
    }

    /// How many minutes after 00:00 the clock shows.
    func minuteOfDay(_ date: Date) -> Int {
        let clock = calendar.dateComponents([.hour, .minute], from: date)
        return (clock.hour ?? 0) * 60 + (clock.minute ?? 0)
    }

    /// `Tuesday, 1 December 2026`.
    func date(_ date: Date) -> String { style.weekday(.wide).day().month(.wide).year().format(date) }

    /// `Tue, 1 Dec 2026`.
    func shortDate(_ date: Date) -> String { style.weekday(.abbreviated).day().month(.abbreviated).year().format(date) }

    func weekday(_ date: Date) -> String { style.weekday(.abbreviated).format(date) }

    /// `2026-12-01`.
    func isoDay(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(timeZone: timeZone).year().month().day())
    }

    /// The start of a day written like ``isoDay(_:)``; `nil` for what is no date, or none in this or the next century.
    func day(from text: String) -> Date? {
        guard let day = CalendarDay(text), (2000..<2200).contains(day.year) else { return nil }
        return calendar.date(from: DateComponents(year: day.year, month: day.month, day: day.day))
    }

    /// `UTC+01:00`.
    func offset(at date: Date) -> String {
        let minutes = timeZone.secondsFromGMT(for: date) / 60
        func two(_ number: UInt) -> String { (number < 10 ? "0" : "") + String(number) }
        return "UTC\(minutes < 0 ? "−" : "+")\(two(minutes.magnitude / 60)):\(two(minutes.magnitude % 60))"
    }

    /// ``offset(at:)`` during the time between the two, and both where the clocks change.
    func offsets(from start: Date, to end: Date) -> String {
        let (first, last) = (offset(at: start), offset(at: end))
        guard first != last, let change = timeZone.nextDaylightSavingTimeTransition(after: start), change < end else {
            return first
        }
        return "\(first), from \(style.weekday(.wide).format(change)) \(last)"
    }

    /// `23 – 29 November 2026`.
    func range(_ first: Date, _ last: Date) -> String {
        let (a, b) = (
            calendar.dateComponents([.month, .year], from: first), calendar.dateComponents([.month, .year], from: last)
        )
        let end = style.day().month(.wide).year().format(last)
        if a.year != b.year { return "\(style.day().month(.wide).year().format(first)) – \(end)" }
        if a.month != b.month { return "\(style.day().month(.wide).format(first)) – \(end)" }
        return "\(style.day().format(first)) – \(end)"
    }

    private var style: Date.FormatStyle {
        Date.FormatStyle(locale: Locale(identifier: "en_GB"), calendar: calendar, timeZone: timeZone)
    }
}
