package import Access
package import Foundation
package import Postgres
package import Values

/// A context that has something in a member's name. Whoever leaves an organization leaves it there too, in the same
/// transaction: what can pass to another does, and the rest is listed for a person to decide on.
package protocol MembershipObserver: Sendable {
    /// Gives what `user` looks after to `successor`. Each statement's row count says how much that was.
    func handOver(from user: UserID, to successor: UserID) -> [SQL]

    /// What `user` is still expected at after `now`, soonest first, as rows of ``Commitment``; at most
    /// ``Commitment/most``.
    /// - Parameter role: leaves out what they are expected at in this role.
    func commitments(of user: UserID, exceptAs role: Role?, after now: Date) -> SQL
}

/// Something that somebody is expected at.
package struct Commitment: Codable, Sendable {
    /// As many as are listed.
    package static let most = 200

    package let id: UUID
    package let kind: String
    package let title: String
    package let scheduledAt: Date
}
