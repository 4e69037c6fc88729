import Access
import Calendars
import Foundation
package import HTTP
import HTTPTypes
import Values

/// When people could meet.
struct AvailabilityRoutes: Sendable {
    let availability: Availability

    var endpoints: [Endpoint] { [free] }

    private var free: Endpoint {
        Endpoint(
            method: .get, path: "/api/availability",
            summary: "The times at which all of some people are free, and when they are not.", tag: "Availability",
            access: .members([.superAdmin, .admin, .counselor, .mentor]), scope: .availability,
            parameters: [
                .query("users", .array(.id, count: 1...100), "Who; the first one's clock says when a day begins."),
                .query("from", .time, "Where to begin to look."),
                .query("to", .time, "Where to stop; at most 31 days later."),
                .query("duration", .sessionLength, "Minutes; 60 when it is not said."),
            ],
            responses: [
                .json(
                    .ok,
                    .named(
                        "Availability",
                        .object([
                            Schema.required("items", .array(.slot, count: 0...1000), "Free times, soonest first."),
                            Schema.required("busy", .array(.conflict, count: 0...100_000)),
                            Schema.required("timeZone", .text, "On whose clock the day begins."),
                        ])), "Free and busy times.")
            ]
        ) { request in
            let people = request.strings("users").compactMap { UserID($0) }
            var errors: [FieldError] = []
            if people.isEmpty { errors.append(FieldError(field: "users", message: "is required")) }
            let from = request.date("from")
            let to = request.date("to")
            if from == nil { errors.append(FieldError(field: "from", message: "is required")) }
            if to == nil { errors.append(FieldError(field: "to", message: "is required")) }
            guard errors.isEmpty, let from, let to else { throw Problem.invalid(errors) }
            guard from < to, to <= from.advanced(by: .hours(31 * 24)) else {
                throw Problem.invalid([FieldError(field: "to", message: "must be after from, by 31 days at most")])
            }
            return try .json(
                try await availability.free(
                    for: people, within: TimeRange(start: from, end: to),
                    duration: .minutes(request.integer("duration") ?? 60), as: try request.actor()))
        }
    }
}

extension Availability.UnknownParticipants: ProblemConvertible {
    package var problem: Problem {
        .invalid(
            people.map {
                FieldError(field: "users", message: "has nobody of this organization with the id \($0)")
            })
    }
}
