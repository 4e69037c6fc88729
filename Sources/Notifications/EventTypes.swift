package import Durable
import Identity
import Sessions

/// Everything that an organization can be told of.
package enum EventTypes {
    package static let payloads: [any EventPayload.Type] = [
        SessionCreated.self, SessionMeetingResult.self, SessionChanged.self, MemberEvent.self,
    ]

    package static let all = payloads.flatMap { $0.types }
}
