import Foundation
import Values

/// One tenant of Feishu: its tokens and its reservations (fact sheet Feishu 2, 3 and 7).
struct FeishuState: Sendable {
    struct Reservation: Sendable {
        let id: String
        /// Nine digits. Free for others after ``end``.
        let number: String
        let password: String
        let ownerID: String
        var topic: String
        var end: Date
        /// Of the last occurrence; a new one each time the meeting starts.
        var meetingID: String?
        var startedAt: Date?
        var status = ListedMeeting.Status.scheduled
    }

    /// A reservation of another app, which may not be touched (403/121005).
    static let foreignReservation = "7350000000000000001"
    /// A user who is not of this tenant.
    static let foreignUser = "ou_notInTenant"

    private var tokens: [String: Date] = [:]
    private var newestToken = ""
    private(set) var reservations: [String: Reservation] = [:]
    private var takenNumbers: [String: String] = [:]
    private var nextID: Int64 = 7_350_000_000_000_000_000 + Int64.random(in: 1000..<1_000_000_000)
    private var nextMeetingID: Int64 = 7_000_000_000_000_000_000 + Int64.random(in: 1..<1_000_000_000)

    // MARK: Tokens

    static let tokenSeconds = 7200

    /// The same one while it has 30 minutes left, then another; the old one stays valid until its end.
    /// - Returns: The token and the seconds it has left.
    mutating func token(at now: Date) -> (text: String, seconds: Int) {
        if let end = tokens[newestToken], end.timeIntervalSince(now) >= 1800 {
            return (newestToken, Int(saturating: end.timeIntervalSince(now)))
        }
        newestToken = "t-g1044\(randomText(24))"
        tokens[newestToken] = now.advanced(by: .seconds(Self.tokenSeconds))
        return (newestToken, Self.tokenSeconds)
    }

    func check(authorization: String?, at now: Date) throws {
        guard let authorization, authorization.hasPrefix("Bearer ") else {
            throw FeishuErrors.problem(400, 99_991_661, "Missing access token for authorization.")
        }
        let token = String(authorization.dropFirst(7))
        guard token.hasPrefix("t-") else {
            throw FeishuErrors.problem(400, 99_991_671, "Invalid access token for authorization.")
        }
        guard let end = tokens[token], now < end else {
            throw FeishuErrors.problem(400, 99_991_663, "Invalid access token for authorization.")
        }
    }

    // MARK: Reservations

    mutating func apply(_ document: FeishuReserveDocument, at now: Date) throws -> Reservation {
        guard let owner = document.ownerId, owner.hasPrefix("ou_"), owner != Self.foreignUser,
            document.meetingSettings != nil, let end = try document.end(at: now)
        else { throw FeishuErrors.badParameter }
        let topic = try document.topic() ?? ""
        nextID += Int64.random(in: 1...97)
        let reservation = Reservation(
            id: String(nextID), number: freeNumber(at: now), password: String(Int.random(in: 100_000...999_999)),
            ownerID: owner, topic: topic, end: end)
        reservations[reservation.id] = reservation
        takenNumbers[reservation.number] = reservation.id
        return reservation
    }

    mutating func update(_ id: String, with document: FeishuReserveDocument, at now: Date) throws -> Reservation {
        var reservation = try own(id)
        reservation.end = try document.end(at: now) ?? reservation.end
        reservation.topic = try document.topic() ?? reservation.topic
        reservations[id] = reservation
        return reservation
    }

    mutating func delete(_ id: String) throws {
        let reservation = try own(id)
        reservations[id]?.status = .cancelled
        takenNumbers[reservation.number] = nil
    }

    func own(_ id: String) throws -> Reservation {
        guard id != Self.foreignReservation else { throw FeishuErrors.problem(403, 121_005, "no permission") }
        guard let reservation = reservations[id], reservation.status != .cancelled else {
            throw FeishuErrors.problem(404, 121_004, "data not exist")
        }
        return reservation
    }

    /// Starts another occurrence of the same number, with a meeting id of its own.
    mutating func start(_ id: String, at moment: Date) {
        nextMeetingID += 1
        reservations[id]?.meetingID = String(nextMeetingID)
        reservations[id]?.startedAt = moment
        reservations[id]?.status = .active
    }

    mutating func end(_ id: String) {
        reservations[id]?.status = .ended
    }

    private func freeNumber(at now: Date) -> String {
        while true {
            let number = String(Int.random(in: 100_000_000...999_999_999))
            let holder = takenNumbers[number].flatMap { reservations[$0] }
            guard let holder, holder.end > now else { return number }
        }
    }

    var listedMeetings: [ListedMeeting] {
        reservations.values.sorted { $0.id < $1.id }.map { reservation in
            ListedMeeting(
                provider: .feishu, meetingId: reservation.id, meetingNo: reservation.number,
                status: reservation.status, topic: reservation.topic, startTime: nil, durationMinutes: nil)
        }
    }
}
