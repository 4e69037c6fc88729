import Foundation
import Values

/// The body of a reservation or of its change (fact sheet Feishu 3.1 and 3.2).
struct FeishuReserveDocument: Decodable, Sendable {
    struct Host: Decodable, Sendable {
        let id: String
    }

    struct Settings: Decodable, Sendable {
        let topic: String?
        let assignHostList: [Host]?
    }

    /// Seconds since 1970 as text; a number is refused.
    let endTime: String?
    let ownerId: String?
    let meetingSettings: Settings?

    /// - Throws: 400/121003 for a topic that is longer than a title may be.
    func topic() throws -> String? {
        guard let topic = meetingSettings?.topic else { return nil }
        guard topic.unicodeScalars.count <= 1000 else { throw FeishuErrors.badParameter }
        return topic
    }

    /// `nil` when none is given.
    /// - Throws: 400/121003 unless it lies in the next 30 days.
    func end(at now: Date) throws -> Date? {
        guard let endTime else { return nil }
        guard let seconds = Int64(endTime) else { throw FeishuErrors.badParameter }
        let end = Date(timeIntervalSince1970: TimeInterval(seconds))
        guard now < end, end <= now.advanced(by: .hours(30 * 24)) else { throw FeishuErrors.badParameter }
        return end
    }

    var foreignHosts: [String] {
        (meetingSettings?.assignHostList ?? []).map(\.id).filter { $0 == FeishuState.foreignUser }
    }
}

struct FeishuTokenDocument: Decodable {
    let appId: String
    let appSecret: String
}

/// Its members stand at the top level.
struct FeishuTokenAnswer: Encodable {
    let code = 0
    let msg = "ok"
    let tenantAccessToken: String
    let expire: Int
}

struct FeishuAnswer<Content: Encodable>: Encodable {
    let code = 0
    let msg = "success"
    let data: Content
}

struct FeishuNothing: Encodable {}

struct FeishuReserveAnswer: Encodable {
    struct Reserve: Encodable {
        let id: String
        let meetingNo: String
        let password: String
        let url: String
        let appLink: String?
        let liveLink: String
        let endTime: String
        /// 1: not expired, 2: expired.
        let expireStatus: Int?
    }

    struct Check: Encodable {
        let invalidHostIdList: [String]
    }

    let reserve: Reserve
    let reserveCorrectionCheckInfo: Check

    /// - Parameter isNew: The link into the app comes with the first answer only, the status with later ones.
    init(_ reservation: FeishuState.Reservation, foreignHosts: [String] = [], isNew: Bool, at now: Date) {
        let link = "https://applink.feishu.cn/client/videochat/open?source=openplatform&idtype=reservationid"
        reserve = Reserve(
            id: reservation.id, meetingNo: reservation.number, password: reservation.password,
            url: "https://vc.feishu.cn/j/\(reservation.number)",
            appLink: isNew ? "\(link)&id=\(reservation.id)" : nil,
            liveLink: "https://meetings.feishu.cn/s/1gub\(reservation.number)",
            endTime: String(Int(saturating: reservation.end.timeIntervalSince1970)),
            expireStatus: isNew ? nil : (reservation.end > now ? 1 : 2))
        reserveCorrectionCheckInfo = Check(invalidHostIdList: foreignHosts)
    }
}
