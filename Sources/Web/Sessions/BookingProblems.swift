import Calendars
import Foundation
package import HTTP
import HTTPTypes
import Sessions
import Values

extension BookingError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .timeTaken(let conflicts, let alternatives):
            Problem(
                status: .conflict, code: "slot_conflict", title: "This time is taken",
                detail: alternatives.isEmpty
                    ? "Somebody is booked then. Choose another time."
                    : "Somebody is booked then. Choose one of the alternatives or another time.",
                extra: [
                    "conflicts": .array(conflicts.map { .range($0.start, $0.end, of: $0.userId) }),
                    "alternatives": .array(alternatives.map { .range($0.start, $0.end) }),
                ])
        case .notEnoughUnits:
            Problem(
                status: .conflict, code: "insufficient_units", title: "Not enough units",
                detail: "A student's contract has fewer units left than this session takes. Choose a shorter "
                    + "session, or extend the contract.")
        case .strangers(let people):
            .invalid(
                people.map {
                    FieldError(field: "people", message: "has nobody in the needed role with the id \($0)")
                })
        case .providerUnavailable(let name):
            .invalid([
                FieldError(field: "meetingProvider", message: "\(name.label) is not set up for this organization")
            ])
        case .wrongState(let status):
            Problem(
                status: .conflict, code: "invalid_state", title: "Not possible now",
                detail: "The session is \(status.rawValue.replacing("_", with: " ")), or is just changing. "
                    + "Reload it and see.")
        case .timePassed:
            Problem(
                status: .conflict, code: "invalid_state", title: "Its time has passed",
                detail: "The session would have begun already. Book a new one.")
        case .isOver:
            Problem(
                status: .conflict, code: "invalid_state", title: "The session is over",
                detail: "Its time has passed, so it cannot be cancelled any more.")
        case .noSuchSession: .notFound
        }
    }
}

extension BookingError {
    /// What its problems have beside the standard members.
    static let problemMembers = [
        Schema.optional("conflicts", .array(.conflict, count: 0...1000)),
        Schema.optional("alternatives", .array(.slot, count: 0...3)),
    ]
}

extension JSONValue {
    fileprivate static func range(_ start: Date, _ end: Date, of user: UserID? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "start": .string(RFC3339.text(from: start)), "end": .string(RFC3339.text(from: end)),
        ]
        if let user { members["userId"] = .string(user.description) }
        return .object(members)
    }
}
