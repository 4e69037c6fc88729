import Access
import Foundation
import HTTP
import Identity
import Sessions
import Values

/// What the list of sessions shows.
struct SessionsPage: Sendable {
    struct Entry: Sendable {
        let id: String, href: String, title: String, kind: String, kindLabel: String, status: String
        let statusLabel: String, isOver: Bool, dateLabel: String, timeLabel: String, people: String
    }

    let hasSessions: Bool, isFiltered: Bool
    let nextHref: String?
    let statuses: [Choice], kinds: [Choice]
    let sessions: [Entry]

    init(_ page: Page<SessionView>, filter: SessionFilter, visitor: Visitor, now: Date) {
        let time = LocalTime(visitor.profile.timeZone)
        let status = filter.statuses.first
        statuses = SessionStatus.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == status)
        }
        kinds = SessionKind.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == filter.kind)
        }
        sessions = page.items.map { session in
            Entry(
                id: session.sessionId.description, href: "/sessions/\(session.sessionId)", title: session.title,
                kind: session.kind.rawValue, kindLabel: session.kind.label, status: session.status.rawValue,
                statusLabel: session.statusLabel(at: now), isOver: session.isOver(at: now),
                dateLabel: time.shortDate(session.scheduledAt),
                timeLabel: time.span(session.scheduledAt, minutes: session.duration),
                people: session.others(than: visitor.profile.id))
        }
        hasSessions = !page.items.isEmpty
        isFiltered = status != nil || filter.kind != nil
        nextHref = page.nextCursor.map { cursor in
            let chosen = [("status", status?.rawValue), ("kind", filter.kind?.rawValue), ("cursor", cursor)]
            return "/sessions?"
                + chosen.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: "&")
        }
    }
}

extension SessionsPage {
    static func page(_ sessions: SessionService, clock: any WallClock) -> WebPage {
        .member("/sessions", title: "Sessions", template: "sessions/sessions") { request, visitor in
            let query = request.query
            var filter = SessionFilter()
            filter.role = visitor.role == .student || visitor.role == .mentor ? visitor.role : nil
            filter.statuses = query["status"].flatMap(SessionStatus.init).map { [$0] } ?? []
            filter.kind = query["kind"].flatMap(SessionKind.init)
            filter.newestFirst = true
            let found = try await sessions.sessions(filter, after: query.cursor, limit: 30, as: visitor.actor)
            return SessionsPage(found, filter: filter, visitor: visitor, now: clock.now)
        }
    }
}
