import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Logging
import NIOCore
import Notifications
import Values

/// Server-sent events (WHATWG HTML, 9.2): what happens in the organization, as it happens.
struct EventStreamRoutes: Sendable {
    let stream: EventStream
    let limit: StreamLimit

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/api/events/stream",
                summary:
                    "What happens in the organization, as server-sent events; Last-Event-ID replays what was missed, up to "
                    + "\(EventStream.mostMissed) events. Of more than these, and of what is no longer kept, a `reset` tells: "
                    + "load again what you show.",
                tag: "Live", access: .member, scope: .live,
                parameters: [
                    .header("Last-Event-ID", .text(1...20), "The id of the last event that was received."),
                    .query("lastEventId", .integer(0...Int.max), "The same, for a first connection."),
                    .streamOrganization,
                ],
                responses: [.text(.ok, type: "text/event-stream", "Events until the connection ends.")],
                problems: [.tooManyRequests, .serviceUnavailable], handle: follow)
        ]
    }

    private func follow(_ request: APIRequest) async throws -> Reply {
        let actor = try request.actor()
        // Somebody else's id is as good as one that is too old: it is answered by a reset.
        let last = request.string("Last-Event-ID").map { Int($0) ?? -1 } ?? request.integer("lastEventId")
        // Refusals must be answers and not broken streams.
        let ticket = try limit.take(for: actor.user)
        try await stream.check(actor)
        let body = ResponseBody { writer in
            do {
                // A stream that ended at the first beat that cannot be written would keep its place till then: who goes
                // quickly from page to page would soon have no place left.
                try await request.connection.consumeWithCancellationOnInboundClose { _ in
                    try await stream.follow(after: last, as: actor) { item in
                        try await writer.write(Self.frame(item))
                    }
                }
            } catch {
                request.logger.debug("stream ended", metadata: ["error": "\(error)"])
            }
            try await writer.finish(nil)
            withExtendedLifetime(ticket) {}
        }
        return Reply(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store, no-transform",
                // Else nginx collects events until it has enough of them.
                HTTPField.Name("X-Accel-Buffering")!: "no",
            ], body: .stream(body))
    }

    private static let heartbeat = ": heartbeat\nevent: heartbeat\ndata: {}\n\n"

    private static func frame(_ item: EventStream.Item) -> ByteBuffer {
        switch item {
        // An event, since browsers tell their scripts of nothing else: a stream that is silent is not trusted there.
        case .welcome: ByteBuffer(string: "retry: 2000\n: welcome\n\n" + heartbeat)
        case .heartbeat: ByteBuffer(string: heartbeat)
        case .reset(let number): ByteBuffer(string: "id: \(number)\nevent: reset\ndata: {}\n\n")
        case .event(let notice): ByteBuffer(bytes: notice.frame)
        }
    }
}
