import Foundation
import Values

/// What is sent to create a meeting or to change it (fact sheet Zoom 3.1).
struct ZoomMeetingBody: Encodable {
    struct Settings: Encodable {
        let joinBeforeHost: Bool
        let waitingRoom: Bool
    }

    let topic: String
    /// 2: scheduled.
    let type: Int
    /// UTC with `Z`. Zoom takes no numeric offsets.
    let startTime: String
    /// Minutes.
    let duration: Int
    let timezone: String
    let agenda: String
    let settings: Settings

    init(_ request: MeetingRequest) {
        topic = Topic.cut(request.topic, to: 200)
        type = 2
        startTime = request.time.start.formatted(Date.ISO8601FormatStyle())
        duration = Int(saturating: (request.time.duration / .minutes(1)).rounded(.up))
        timezone = request.timeZone
        // Short, and the tag alone on its line: a list shows only the start of an agenda.
        agenda = "Booked through Convene.\n\(request.tag)"
        // The host is often a shared license that nobody is signed in with.
        settings = Settings(joinBeforeHost: true, waitingRoom: false)
    }
}

/// What Zoom tells about a meeting. Its `start_url` holds a credential of the host and is left alone.
struct ZoomMeeting: Decodable {
    /// Ten or eleven digits.
    let id: WireID
    let joinUrl: String
    let password: String?
    let agenda: String?

    func carries(tag: String) -> Bool {
        agenda?.split(whereSeparator: \.isNewline).contains { $0 == tag } ?? false
    }

    func provisioned(for host: String) -> ProvisionedMeeting {
        ProvisionedMeeting(
            reference: MeetingReference(id: id.text, host: host), number: id.text, joinURL: joinUrl,
            passcode: password.flatMap { $0.isEmpty ? nil : $0 })
    }
}

struct ZoomMeetingList: Decodable {
    let meetings: [ZoomMeeting]
    /// Absent or empty on the last page.
    let nextPageToken: String?
}

/// Fact sheet Zoom 3.3.
struct ZoomRefusal: Decodable {
    /// As a failure of ours names it.
    static let noSuchUser = "zoom_1001"

    let code: Int
    let message: String
}
