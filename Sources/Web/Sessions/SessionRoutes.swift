import Access
import Foundation
import HTTP
import HTTPTypes
import Metrics
import Sessions
import Values

/// Booking, and the sessions that were booked.
struct SessionRoutes: Sendable {
    let sessions: SessionService
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [book, one, retry, cancel]
            + [
                list(at: "counselor", for: .staff), list(at: "mentor", for: .members([.mentor])),
                list(at: "student", for: .members([.student])),
            ]
    }

    private var book: Endpoint {
        Endpoint(
            method: .post, path: "/api/counselor/sessions/book",
            summary: "Books a session: takes everybody's time at once; its meeting is made right after.",
            tag: "Sessions", access: .members([.admin, .counselor]), scope: .sessions,
            body: .json(.booking),
            responses: [.json(.created, .bookedSession, "Booked. The meeting follows: watch the session.")],
            problems: [.conflict], problemMembers: BookingError.problemMembers, handle: book)
    }

    private func book(_ request: APIRequest) async throws -> Reply {
        let started = clock.now
        let booking = try BookingRequest.booking(from: request, at: started)
        let reply = try await request.create(at: { "/api/counselor/sessions/\($0.sessionId)" }) {
            (key: IdempotencyKey<BookedSession>) in
            do {
                return try await sessions.book(booking, key: key, as: try request.actor())
            } catch BookingError.strangers(let people) {
                throw booking.problem(of: people)
            }
        }
        Metrics.Timer(label: "convene_booking_duration_seconds").record(clock.now.timeIntervalSince(started))
        return reply
    }

    private var one: Endpoint {
        Endpoint(
            method: .get, path: "/api/counselor/sessions/{id}", summary: "One session.", tag: "Sessions",
            access: .member, scope: .sessions, parameters: [.path("id", note: "The session's id.")],
            responses: [.json(.ok, .session, "The session as it is now.")]
        ) { request in
            try .json(SessionResponse(try await sessions.session(try request.id("id"), as: try request.actor())))
        }
    }

    private var retry: Endpoint {
        Endpoint(
            method: .post, path: "/api/counselor/sessions/{id}/retry",
            summary: "Tries again to get a meeting for a session that failed to get one.", tag: "Sessions",
            access: .members([.admin, .counselor]), scope: .sessions,
            parameters: [.path("id", note: "The session's id.")],
            responses: [.json(.accepted, .session, "It waits for its meeting again.")], problems: [.conflict],
            problemMembers: BookingError.problemMembers
        ) { request in
            let session = try await sessions.retry(try request.id("id"), as: try request.actor())
            return try .json(SessionResponse(session), status: .accepted)
        }
    }

    private var cancel: Endpoint {
        Endpoint(
            method: .post, path: "/api/counselor/sessions/{id}/cancel",
            summary: "Cancels a session that is not over; everybody's time is free at once.", tag: "Sessions",
            access: .members([.admin, .counselor]), scope: .sessions,
            parameters: [.path("id", note: "The session's id.")],
            responses: [.json(.ok, .session, "It is cancelled.")], problems: [.conflict]
        ) { request in
            try .json(SessionResponse(try await sessions.cancel(try request.id("id"), as: try request.actor())))
        }
    }

    private func list(at corner: String, for access: Endpoint.Access) -> Endpoint {
        Endpoint(
            method: .get, path: "/api/\(corner)/sessions", summary: "The sessions that a \(corner) sees, by time.",
            tag: "Sessions", access: access, scope: .sessions,
            parameters: [
                .query("role", .enumeration(["counselor", "mentor", "student"]), "What the asker is in them."),
                .query("status", .array(.enumeration(of: SessionStatus.self), count: 1...5), "One or several."),
                .query("kind", .enumeration(of: SessionKind.self), "One kind."),
                .query("from", .time, "Ending after."), .query("to", .time, "Starting before."),
                .query("newestFirst", .boolean, "The latest first."), .limit, .cursor,
            ],
            responses: [.json(.ok, .page(of: .session), "One page.")]
        ) { request in
            var filter = SessionFilter()
            filter.role = request.value("role")
            filter.statuses = request.strings("status").compactMap(SessionStatus.init)
            filter.kind = request.value("kind")
            filter.from = request.date("from")
            filter.to = request.date("to")
            filter.newestFirst = request.boolean("newestFirst")
            let page = try await sessions.sessions(
                filter, after: try request.cursor(), limit: request.limit, as: try request.actor())
            return try .json(page.map(SessionResponse.init))
        }
    }
}
