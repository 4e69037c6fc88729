import Crypto
import Foundation
import Values

/// Zoom's webhooks and their signature (fact sheet Zoom 4).
struct ZoomEvents: Sendable {
    let credentials: ZoomSimulator.Credentials

    /// How long after a failed delivery the next one follows.
    static let retries: [Duration] = [.seconds(5 * 60), .seconds(20 * 60), .seconds(60 * 60)]

    private struct Document: Encodable {
        struct Payload: Encodable {
            let accountId: String
            let object: Object
        }

        struct Object: Encodable {
            /// Text here, unlike in the API and in other events.
            let id: String
            let uuid: String
            let hostId = "host_demo"
            let topic: String
            let type = 2
            let startTime: String
            let timezone: String
            let duration: Int
            var endTime: String?
            var participant: Participant?
        }

        struct Participant: Encodable {
            /// Another one for each time that somebody joins.
            let userId = String(Int.random(in: 16_000_000..<17_000_000))
            let userName: String
            /// Empty for guests.
            let id = ""
            let participantUuid = UUID().uuidString
            let email: String
            var joinTime: String?
            var leaveTime: String?
            var leaveReason: String?
        }

        let event: String
        /// Milliseconds.
        let eventTs: Int
        let payload: Payload
    }

    func body(of event: MeetingEvent, in meeting: ZoomState.Meeting, at moment: Date) throws -> Data {
        let time = moment.formatted(Date.ISO8601FormatStyle())
        var object = Document.Object(
            id: String(meeting.id), uuid: meeting.uuid, topic: meeting.topic,
            startTime: meeting.start.formatted(Date.ISO8601FormatStyle()), timezone: meeting.timeZone,
            duration: meeting.minutes)
        let who = event.participant ?? "Guest"
        var participant = Document.Participant(userName: who, email: who.contains("@") ? who : "")
        let name: String
        switch event.type {
        case .started: name = "meeting.started"
        case .ended:
            name = "meeting.ended"
            object.endTime = time
        case .joined:
            name = "meeting.participant_joined"
            participant.joinTime = time
            object.participant = participant
        case .left:
            name = "meeting.participant_left"
            participant.leaveTime = time
            participant.leaveReason = "left the meeting."
            object.participant = participant
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(
            Document(
                event: name, eventTs: Int(saturating: moment.timeIntervalSince1970 * 1000),
                payload: .init(accountId: credentials.accountID, object: object)))
    }

    func signed(_ body: Data, at now: Date) -> Webhook {
        let timestamp = String(Int(saturating: now.timeIntervalSince1970))
        return Webhook(
            headers: [
                ("x-zm-request-timestamp", timestamp), ("x-zm-signature", signature(of: body, timestamp: timestamp)),
            ], body: body)
    }

    func signature(of body: Data, timestamp: String) -> String {
        let key = SymmetricKey(data: Data(credentials.webhookSecret.utf8))
        return "v0=" + HMAC<SHA256>.authenticationCode(for: Data("v0:\(timestamp):".utf8) + body, using: key).hex
    }
}
