import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notifications
import Values

/// Server-sent events (WHATWG HTML, 9.2): what happens in the organisation, as it happens.
struct EventStreamRoutes: Sendable {
    let stream: EventStream

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/api/events/stream",
                summary:
                    "What happens in the organisation, as server-sent events; Last-Event-ID replays what was missed.",
                tag: "Live", access: .member,
                parameters: [
                    .header("Last-Event-ID", .text(1...20), "The id of the last event that was received."),
                    .query("lastEventId", .integer(0...Int.max), "The same, for a first connection."),
                    .streamOrganization,
                ],
                answers: [.text(.ok, type: "text/event-stream", "Events until the connection ends.")], handle: follow)
        ]
    }

    private func follow(_ call: Call) async throws -> Reply {
        let actor = try call.actor()
        // Somebody else's id is as good as one that is too old: it is answered by a reset.
        let last = call.string("Last-Event-ID").map { Int($0) ?? -1 } ?? call.integer("lastEventId")
        // Refusals must be answers and not broken streams.
        try await stream.check(actor)
        let body = ResponseBody { writer in
            do {
                try await stream.follow(after: last, as: actor) { item in
                    try await writer.write(ByteBuffer(string: Self.frame(item)))
                }
            } catch {
                call.logger.debug("stream ended", metadata: ["error": "\(error)"])
            }
            try await writer.finish(nil)
        }
        return Reply(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    private static let heartbeat = ": heartbeat\nevent: heartbeat\ndata: {}\n\n"

    private static func frame(_ item: EventStream.Item) -> String {
        switch item {
        // An event, since browsers tell their scripts of nothing else: a stream that is silent is not trusted there.
        case .welcome: "retry: 2000\n: welcome\n\n" + heartbeat
        case .heartbeat: heartbeat
        case .reset(let number): "id: \(number)\nevent: reset\ndata: {}\n\n"
        case .event(let notice): "id: \(notice.number)\nevent: \(notice.type)\ndata: \(notice.envelope)\n\n"
        }
    }
}
