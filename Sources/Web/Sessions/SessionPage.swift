import Access
import Foundation
import HTTP
import Identity
import Sessions
import Values

/// What one session's page shows.
struct SessionPage: Sendable {
    struct Details: Sendable {
        let id: String, title: String, description: String?, kind: String, kindLabel: String
        let status: String, statusLabel: String
        /// Over without anybody having said that it took place; people may still be in the meeting until then.
        let isOver: Bool
        /// Seconds since 1970.
        let end: Int
        let isLive: Bool, isPending: Bool, isScheduled: Bool, isFailed: Bool, isCancelled: Bool, isCompleted: Bool
        let dateLabel: String, timeLabel: String, durationLabel: String, timeZone: String, providerLabel: String
        let meetingURL: String?, meetingNo: String?, passcode: String?
        let failure: SessionFailure?
        let canRetry: Bool, canCancel: Bool
    }

    struct Person: Sendable {
        let userId: String, name: String, roleLabel: String, timeZone: String, localTime: String?
    }

    struct Detail: Sendable {
        let label: String, value: String
    }

    let session: Details
    let people: [Person]
    let details: [Detail]

    init(_ session: SessionView, visitor: Visitor, now: Date) {
        let time = LocalTime(visitor.profile.timeZone)
        let isLive = session.live ?? false
        let isOver = session.isOver(at: now)
        self.session = Details(
            id: session.sessionId.description, title: session.title, description: session.description,
            kind: session.kind.rawValue, kindLabel: session.kind.label, status: session.status.rawValue,
            statusLabel: isLive ? "In progress" : session.statusLabel(at: now), isOver: isOver,
            end: Int(saturating: session.end.timeIntervalSince1970), isLive: isLive,
            isPending: session.status == .pendingMeeting && !isOver,
            isScheduled: session.status == .scheduled && !isOver, isFailed: session.status == .meetingFailed,
            isCancelled: session.status == .cancelled,
            isCompleted: session.status == .completed, dateLabel: time.date(session.scheduledAt),
            timeLabel: time.span(session.scheduledAt, minutes: session.duration),
            durationLabel: "\(session.duration) min", timeZone: ZoneName.ofToday(visitor.profile.timeZone),
            providerLabel: session.meetingProvider.label, meetingURL: session.meetingUrl, meetingNo: session.meetingNo,
            passcode: session.passcode, failure: session.failure,
            canRetry: visitor.canBook && session.status == .meetingFailed && session.end > now,
            canCancel: visitor.canBook && session.end > now
                && [.pendingMeeting, .scheduled, .meetingFailed].contains(session.status))
        people = session.people.map { person in
            let there = LocalTime(person.timeZone)
            let differs = there.offset(at: session.scheduledAt) != time.offset(at: session.scheduledAt)
            let day =
                there.isoDay(session.scheduledAt) == time.isoDay(session.scheduledAt)
                ? "" : there.weekday(session.scheduledAt) + " "
            let span = there.span(session.scheduledAt, minutes: session.duration)
            return Person(
                userId: person.userId.description, name: person.name, roleLabel: person.role.label,
                timeZone: ZoneName.ofToday(person.timeZone), localTime: differs ? day + span : nil)
        }
        details = [
            ("Type", session.sessionType.map(Self.label)), ("Focus", session.analysisFocus.map(Self.label)),
            ("Level now", session.currentLevel),
            ("Level aimed at", session.targetLevel),
            ("Topics", session.aiTopics.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") }),
        ].compactMap { label, value in
            value.map { Detail(label: label, value: $0) }
        }
    }

    /// What the booking form calls a choice.
    private static func label(_ choice: String) -> String {
        switch choice {
        case RegularMentoring.Focus.resumeReview.rawValue: "Résumé review"
        case RegularMentoring.Focus.interviewPrep.rawValue: "Interview preparation"
        case GapAnalysis.Focus.resume.rawValue: "Résumé"
        default: choice.replacing("_", with: " ").capitalizedFirst
        }
    }
}

extension SessionPage: TitledPage {
    static func page(_ sessions: SessionService, clock: any WallClock) -> WebPage {
        .member("/sessions/{id}", title: "Session", template: "sessions/session") { request, visitor in
            let session = try await sessions.session(try request.id("id"), as: visitor.actor)
            return SessionPage(session, visitor: visitor, now: clock.now)
        }
    }

    var pageTitle: String { session.title.isolated }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
