import Foundation
import Values

/// One Zoom account: its tokens, its meetings and its limits (fact sheet Zoom 2, 3 and 5).
struct ZoomState: Sendable {
    struct Meeting: Sendable {
        let id: Int64
        /// Of the last instance; a new one each time the meeting starts.
        var uuid: String
        let host: String
        var topic: String
        var agenda: String
        var start: Date
        var minutes: Int
        var timeZone: String
        let password: String
        let createdAt: Date
        var status = ListedMeeting.Status.scheduled
    }

    let credentials: ZoomSimulator.Credentials
    /// Creates and updates of one host in one UTC day; `nil`: any number. Zoom's own limit is 100.
    let dailyLimit: Int?

    private var tokens: [String: Date] = [:]
    private(set) var meetings: [Int64: Meeting] = [:]
    private var nextID = Int64.random(in: 91_000_000_000..<98_000_000_000)
    private var used: [String: Int] = [:]

    init(credentials: ZoomSimulator.Credentials, dailyLimit: Int?) {
        self.credentials = credentials
        self.dailyLimit = dailyLimit
    }

    // MARK: Tokens

    static let tokenSeconds = 3599

    /// Several tokens may be valid at a time.
    mutating func issueToken(at now: Date) -> String {
        let token = "eyJ" + randomText(40)
        tokens[token] = now.advanced(by: .seconds(Self.tokenSeconds))
        return token
    }

    func check(authorization: String?, at now: Date) throws {
        guard let authorization, authorization.hasPrefix("Bearer ") else {
            throw ZoomErrors.problem(401, 124, "Requires an access token.")
        }
        guard let end = tokens[String(authorization.dropFirst(7))] else {
            throw ZoomErrors.problem(401, 124, "Invalid access token.")
        }
        guard now < end else { throw ZoomErrors.problem(401, 124, "Access token has expired.") }
    }

    // MARK: Meetings

    mutating func create(_ document: ZoomMeetingDocument, for host: String, at now: Date) throws -> Meeting {
        guard host != "me" else { throw ZoomErrors.problem(400, 300, "Invalid user id: me.") }
        try spend(of: host, at: now)
        try document.check()
        let time = try document.start(at: now)
        guard let topic = document.topic, let minutes = document.duration, let time else {
            throw ZoomErrors.invalid("topic")
        }
        nextID += Int64.random(in: 1...97)
        let meeting = Meeting(
            id: nextID, uuid: randomUUID(), host: host, topic: topic, agenda: document.agenda ?? "", start: time,
            minutes: minutes, timeZone: document.timezone ?? "UTC", password: randomText(6), createdAt: now)
        meetings[meeting.id] = meeting
        return meeting
    }

    mutating func update(_ id: String, with document: ZoomMeetingDocument, at now: Date) throws {
        var meeting = try live(id)
        try spend(of: meeting.host, at: now)
        try document.check()
        meeting.start = try document.start(at: now) ?? meeting.start
        meeting.topic = document.topic ?? meeting.topic
        meeting.agenda = document.agenda ?? meeting.agenda
        meeting.minutes = document.duration ?? meeting.minutes
        meeting.timeZone = document.timezone ?? meeting.timeZone
        meetings[meeting.id] = meeting
    }

    mutating func delete(_ id: String) throws {
        let meeting = try live(id)
        meetings[meeting.id]?.status = .cancelled
    }

    /// - Throws: 404/3001 for a meeting that never was and for one that was deleted.
    func live(_ id: String) throws -> Meeting {
        guard let number = Int64(id), let meeting = meetings[number], meeting.status != .cancelled else {
            throw ZoomErrors.problem(404, 3001, "Meeting does not exist: \(id).")
        }
        return meeting
    }

    /// A host's scheduled meetings of those days, by start.
    /// - Parameter days: First and last day, `yyyy-MM-dd` in UTC; `nil`: unbounded.
    func scheduled(of host: String, from first: String?, to last: String?) -> [Meeting] {
        let day = Date.ISO8601FormatStyle().year().month().day()
        return meetings.values
            .filter { meeting in
                let on = meeting.start.formatted(day)
                return meeting.host == host && [.scheduled, .active].contains(meeting.status)
                    && (first.map { $0 <= on } ?? true) && (last.map { on <= $0 } ?? true)
            }
            .sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    }

    /// Starts a new instance with a uuid of its own.
    mutating func start(_ id: Int64) {
        let uuid = randomUUID()
        meetings[id]?.uuid = uuid
        meetings[id]?.status = .active
    }

    mutating func end(_ id: Int64) {
        meetings[id]?.status = .ended
    }

    private mutating func spend(of host: String, at now: Date) throws {
        guard let dailyLimit else { return }
        let key = "\(now.formatted(Date.ISO8601FormatStyle().year().month().day())) \(host)"
        guard used[key, default: 0] < dailyLimit else { throw ZoomErrors.dailyLimit(at: now) }
        used[key, default: 0] += 1
    }

    private func randomUUID() -> String {
        Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    }

    var listedMeetings: [ListedMeeting] {
        meetings.values.sorted { $0.id < $1.id }.map { meeting in
            ListedMeeting(
                provider: .zoom, meetingId: String(meeting.id), meetingNo: String(meeting.id),
                status: meeting.status, topic: meeting.topic, startTime: RFC3339.text(from: meeting.start),
                durationMinutes: meeting.minutes)
        }
    }
}

func randomText(_ length: Int) -> String {
    String((0..<length).compactMap { _ in "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".randomElement() })
}
