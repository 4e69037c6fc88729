import Durable
import Foundation
package import Values

/// Somebody joined or left an organization, or has another role in it. `member.{change}`
///
/// Told to the staff and to the person; open event streams look again at who they belong to.
package struct MemberEvent: EventPayload {
    package enum Change: String, CaseIterable { case joined, changed, left }

    package let userId: UserID

    package static func type(_ change: Change) -> String { "member.\(change)" }
    package static var types: [String] { Change.allCases.map(type) }

    static func event(_ change: Change, about user: UserID, at now: Date) -> IntegrationEvent {
        IntegrationEvent(
            aggregate: user.uuid, type: type(change), occurredAt: now, payload: MemberEvent(userId: user),
            audience: [user])
    }
}
