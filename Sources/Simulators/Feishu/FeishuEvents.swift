import Crypto
import CryptoExtras
import Foundation
import Values

/// Feishu's events, their encryption and their signature (fact sheet Feishu 6).
struct FeishuEvents: Sendable {
    let credentials: FeishuSimulator.Credentials

    /// How long after a failed delivery the next one follows.
    static let retries: [Duration] = [.seconds(15), .seconds(5 * 60), .seconds(60 * 60), .seconds(6 * 60 * 60)]

    private struct Document: Encodable {
        struct Header: Encodable {
            let eventId: String
            let eventType: String
            /// Milliseconds, while every other time is in seconds.
            let createTime: String
            let token: String
            let appId: String
            let tenantKey = "tk_demo"
        }

        struct Person: Encodable {
            struct Identity: Encodable {
                let unionId: String
                let userId: String
                let openId: String
            }

            let id: Identity
            /// 1 participant, 2 host.
            let userRole: Int
            let userType = 1

            init(openID: String, role: Int) {
                let rest = openID.hasPrefix("ou_") ? String(openID.dropFirst(3)) : openID
                id = Identity(unionId: "on_\(rest)", userId: rest, openId: "ou_\(rest)")
                userRole = role
            }
        }

        struct Meeting: Encodable {
            let id: String
            let topic: String
            let meetingNo: String
            /// 4: made through the open platform.
            let meetingSource = 4
            let startTime: String
            /// `0` until it is over.
            let endTime: String
            let hostUser: Person
            let owner: Person
            let meetingSubType = 1
        }

        struct Event: Encodable {
            let meeting: Meeting
            let operatedBy: Person
            /// 1: by themselves.
            var leaveReason: Int?
            var leaveUser: Person?

            // `operator` is a word of Swift's own.
            enum CodingKeys: String, CodingKey {
                case meeting, leaveReason, leaveUser
                case operatedBy = "operator"
            }
        }

        let schema = "2.0"
        let header: Header
        let event: Event
    }

    func body(of event: MeetingEvent, in reservation: FeishuState.Reservation, at moment: Date) throws -> Data {
        let owner = Document.Person(openID: reservation.ownerID, role: 2)
        let participant = Document.Person(openID: event.participant ?? "ou_guest", role: 1)
        let type: String
        var actor = owner
        switch event.type {
        case .started: type = "vc.meeting.meeting_started_v1"
        case .ended: type = "vc.meeting.meeting_ended_v1"
        case .joined: (type, actor) = ("vc.meeting.join_meeting_v1", participant)
        case .left: (type, actor) = ("vc.meeting.leave_meeting_v1", participant)
        }
        let meeting = Document.Meeting(
            id: reservation.meetingID ?? "7000000000000000000", topic: reservation.topic,
            meetingNo: reservation.number, startTime: seconds(reservation.startedAt ?? moment),
            endTime: event.type == .ended ? seconds(moment) : "0", hostUser: owner, owner: owner)
        var content = Document.Event(meeting: meeting, operatedBy: actor)
        if event.type == .left {
            content.leaveReason = 1
            content.leaveUser = participant
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(
            Document(
                header: .init(
                    eventId: UUID().uuidString.lowercased(), eventType: type,
                    createTime: String(Int(saturating: moment.timeIntervalSince1970 * 1000)),
                    token: credentials.verificationToken,
                    appId: credentials.appID),
                event: content))
    }

    func signed(_ body: Data, at now: Date) throws -> Webhook {
        guard let key = credentials.encryptKey else { return Webhook(headers: [], body: body) }
        let timestamp = String(Int(saturating: now.timeIntervalSince1970))
        let nonce = randomText(6)
        let envelope = try encrypted(body, key: key, iv: (0..<16).map { _ in UInt8.random(in: 0...255) })
        return Webhook(
            headers: [
                ("X-Lark-Request-Timestamp", timestamp), ("X-Lark-Request-Nonce", nonce),
                ("X-Lark-Signature", signature(of: envelope, timestamp: timestamp, nonce: nonce, key: key)),
            ], body: envelope)
    }

    /// AES-256-CBC, the vector first, as base64 in `{"encrypt":…}`.
    func encrypted(_ body: Data, key: String, iv: [UInt8]) throws -> Data {
        let key = SymmetricKey(data: SHA256.hash(data: Data(key.utf8)))
        let cipher = try AES._CBC.encrypt(body, using: key, iv: AES._CBC.IV(ivBytes: iv))
        return Data("{\"encrypt\":\"\((Data(iv) + cipher).base64EncodedString())\"}".utf8)
    }

    /// A plain SHA-256 over the encrypted body, and no HMAC.
    func signature(of envelope: Data, timestamp: String, nonce: String, key: String) -> String {
        SHA256.hash(data: Data((timestamp + nonce + key).utf8) + envelope).hex
    }

    private func seconds(_ moment: Date) -> String { String(Int(saturating: moment.timeIntervalSince1970)) }
}
