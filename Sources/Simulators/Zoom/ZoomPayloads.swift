import Foundation
import Values

/// The body of a create or an update (fact sheet Zoom 3.1).
struct ZoomMeetingDocument: Decodable, Sendable {
    let topic: String?
    let type: Int?
    let startTime: String?
    let duration: Int?
    let timezone: String?
    let agenda: String?

    /// - Throws: 400/300 for a topic, an agenda or a length beyond what Zoom takes.
    func check() throws {
        guard (topic?.unicodeScalars.count ?? 0) <= 200 else { throw ZoomErrors.invalid("topic") }
        guard (agenda?.unicodeScalars.count ?? 0) <= 2000 else { throw ZoomErrors.invalid("agenda") }
        guard (1...1440).contains(duration ?? 60) else { throw ZoomErrors.invalid("duration") }
    }

    /// `nil` when none is given.
    /// - Throws: 400/300 for a numeric offset, a zone that does not exist, and a time that is over.
    func start(at now: Date) throws -> Date? {
        guard let startTime else { return nil }
        guard startTime.utf8.count <= 40 else { throw ZoomErrors.invalid("start_time") }
        let start: Date?
        if startTime.hasSuffix("Z") {
            start = try? Date.ISO8601FormatStyle().parse(startTime)
        } else if let zone = timezone.flatMap(TimeZone.init(identifier:)) {
            let local = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            start = try? local.time(includingFractionalSeconds: false).parse(startTime)
        } else {
            start = nil
        }
        // Nothing is planned for later, and the far future does not fit into every form of a date.
        guard let start, start >= now, start < now.advanced(by: .hours(20 * 365 * 24)) else {
            throw ZoomErrors.invalid("start_time")
        }
        return start
    }
}

struct ZoomTokenAnswer: Encodable {
    let accessToken: String
    let tokenType = "bearer"
    let expiresIn: Int
    let scope = "meeting:write:meeting:admin meeting:update:meeting:admin meeting:delete:meeting:admin"
    let apiUrl: String
}

struct ZoomMeetingAnswer: Encodable {
    let uuid: String
    let id: Int64
    let hostId: String
    let hostEmail: String
    let topic: String
    let type = 2
    let status = "waiting"
    let startTime: String
    let duration: Int
    let timezone: String
    let agenda: String
    let createdAt: String
    let startUrl: String
    let joinUrl: String
    let password: String

    init(_ meeting: ZoomState.Meeting) {
        uuid = meeting.uuid
        id = meeting.id
        hostId = "host_demo"
        hostEmail = meeting.host
        topic = meeting.topic
        startTime = meeting.start.formatted(Date.ISO8601FormatStyle())
        duration = meeting.minutes
        timezone = meeting.timeZone
        agenda = meeting.agenda
        createdAt = meeting.createdAt.formatted(Date.ISO8601FormatStyle())
        startUrl = "https://us02web.zoom.us/s/\(meeting.id)?zak=eyJ\(randomText(20))"
        joinUrl = "https://us02web.zoom.us/j/\(meeting.id)?pwd=\(meeting.password).1"
        password = meeting.password
    }
}

/// A list leaves the passcode and the host's link out, and cuts the agenda short.
struct ZoomListAnswer: Encodable {
    struct Line: Encodable {
        let uuid: String
        let id: Int64
        let hostId: String
        let topic: String
        let type = 2
        let startTime: String
        let duration: Int
        let timezone: String
        let agenda: String
        let createdAt: String
        let joinUrl: String

        init(_ meeting: ZoomState.Meeting) {
            let whole = ZoomMeetingAnswer(meeting)
            uuid = whole.uuid
            id = whole.id
            hostId = whole.hostId
            topic = whole.topic
            startTime = whole.startTime
            duration = whole.duration
            timezone = whole.timezone
            agenda = String(whole.agenda.prefix(250))
            createdAt = whole.createdAt
            joinUrl = whole.joinUrl
        }
    }

    let pageSize: Int
    let totalRecords: Int
    let nextPageToken: String
    let meetings: [Line]
}
