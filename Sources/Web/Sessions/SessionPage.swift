import Access
import Foundation
import HTTP
import Identity
import Provisioning
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
        /// Why there is no meeting.
        let failure: String?, needsIntervention: Bool
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
            passcode: session.passcode, failure: session.failure?.reason.sentence,
            needsIntervention: session.failure?.requiresManualIntervention ?? false,
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
        details = session.kind.details.fields.compactMap { field in
            session.details[field.name].flatMap { Detail(field, $0) }
        }
    }
}

extension SessionPage.Detail {
    /// `nil` for a field with nothing in it.
    fileprivate init?(_ field: DetailField, _ value: DetailValue) {
        label = field.label
        switch (value, field.form) {
        case (.text(let text), .choice(let choices)):
            self.value = choices.first { $0.value == text }?.label ?? text
        case (.text(let text), _): self.value = text
        case (.texts(let texts), _):
            guard !texts.isEmpty else { return nil }
            self.value = texts.joined(separator: ", ")
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
