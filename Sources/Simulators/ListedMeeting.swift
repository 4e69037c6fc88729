import Values

/// A line of `GET /_control/meetings`.
struct ListedMeeting: Codable, Sendable {
    enum Status: String, Codable, Sendable {
        case scheduled, active, ended, cancelled
    }

    let provider: ProviderName
    let meetingId: String
    let meetingNo: String
    let status: Status
    let topic: String
    /// RFC 3339. Feishu's reservations have none.
    let startTime: String?
    let durationMinutes: Int?
}
