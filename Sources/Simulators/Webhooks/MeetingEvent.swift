import Foundation

/// Something that happens in a simulated meeting, as `POST /_control/meetings/…/events` tells it.
struct MeetingEvent: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        case started, joined, left, ended
    }

    let type: Kind
    /// A mail address or a name; at Feishu also an `open_id`.
    let participant: String?
    /// `nil`: now.
    let at: Date?
}
