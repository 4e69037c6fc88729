import Foundation

/// What is sent to reserve a meeting or to change the reservation (fact sheet Feishu 3.1 and 3.2). There is no start:
/// a reservation is a number and until when it is kept.
struct FeishuReservationBody: Encodable {
    struct MeetingSettings: Encodable {
        let topic: String
        /// 1: several people.
        let meetingInitialType: Int?
    }

    /// Seconds since 1970, as text.
    let endTime: String
    /// Only when reserving.
    let ownerId: String?
    let meetingSettings: MeetingSettings
}

struct FeishuEnvelope<Content: Decodable>: Decodable {
    let code: Int
    let msg: String?
    let data: Content?
}

/// What every answer has, whatever its `data` holds.
struct FeishuStatus: Decodable {
    let code: Int
    let msg: String?
}

/// All ids and times are text.
struct FeishuReservation: Decodable {
    struct Reserve: Decodable {
        let id: String
        let meetingNo: String
        let password: String?
        let url: String
        let endTime: String
    }

    let reserve: Reserve

    /// `nil` when it does not say until when the number is kept: nothing could be planned by it.
    var provisioned: ProvisionedMeeting? {
        guard let end = Date(unixDigits: reserve.endTime) else { return nil }
        return ProvisionedMeeting(
            reference: MeetingReference(id: reserve.id), number: reserve.meetingNo, joinURL: reserve.url,
            passcode: reserve.password.flatMap { $0.isEmpty ? nil : $0 }, expiresAt: end)
    }
}
