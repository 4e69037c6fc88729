package import Access
import Durable
import Foundation
package import Postgres
package import Values

/// The people of one organization.
package struct Members: Sendable {
    let database: Database
    let observers: [any MembershipObserver]
    let mailer: any AccountMailer
    let clock: any WallClock

    package init(
        database: Database, observers: [any MembershipObserver], mailer: any AccountMailer, clock: any WallClock
    ) {
        self.database = database
        self.observers = observers
        self.mailer = mailer
        self.clock = clock
    }

    package struct Member: Codable, Sendable {
        package let userId: UserID
        package let name: String
        package let email: String
        package let role: Role
        package let timeZone: String
        /// Rises with every other role, and when they leave or come back.
        package let version: Int
    }

    /// A member in another role.
    package struct Change: Encodable, Sendable {
        package let member: Member
        /// The sessions that they are still booked for in another role, soonest first; 200 at most.
        package let sessions: [Commitment]
        /// The names of the API keys that ended with the role that they were made in.
        package let endedKeys: [String]

        private enum CodingKeys: String, CodingKey { case sessions, endedKeys }

        package func encode(to encoder: any Encoder) throws {
            try member.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sessions, forKey: .sessions)
            try container.encode(endedKeys, forKey: .endedKeys)
        }
    }

    /// What somebody who has left is still named in, for a person to decide on.
    package struct MemberRemoval: Codable, Sendable {
        /// How many upcoming sessions that they had booked are now another's to look after.
        package let handedOver: Int
        /// The sessions that they teach, hold or attend and that are not over, soonest first; 200 at most.
        package let sessions: [Commitment]
        /// The names of their API keys that ended.
        package let endedKeys: [String]
    }

    /// Gives a member another role. What they had through the old one ends: their API keys, and the open
    /// invitations of somebody who is no admin any more. What they are booked for stands, and is listed: in the new role
    /// they may not see it.
    /// - Parameter version: the one that the change is based on; `nil`: whatever it is now.
    /// - Throws: ``OrganizationError/noSuchThing``, ``OrganizationError/lastAdmin``, ``StaleVersion``
    package func change(
        _ user: UserID, to role: Role, from version: Int? = nil, as actor: Actor
    ) async throws -> Change {
        let now = clock.now
        return try await database.acting(as: actor).transaction { tx in
            try await tx.run(Self.lock)
            guard let before = try await tx.row(Self.standing(of: user), as: Standing.self) else {
                throw OrganizationError.noSuchThing
            }
            let changed = try await tx.run(
                """
                UPDATE memberships SET role = \(role)
                WHERE organization_id = app_org_id() AND user_id = \(user) AND left_at IS NULL
                  AND (\(version)::bigint IS NULL OR version = \(version))
                """)
            guard changed == 1 else { throw StaleVersion(current: before.version) }
            guard try await tx.row(Self.hasAdmin, as: Bool.self) == true else { throw OrganizationError.lastAdmin }
            var endedKeys: [String] = []
            if role != before.role {
                if role != .admin { try await tx.run(Self.revokeInvitations(by: user, at: now)) }
                endedKeys = try await tx.rows("SELECT name FROM end_keys(\(user)) ORDER BY name")
            }
            try await tx.run(Outbox.append(MemberEvent.event(.changed, about: user, at: now)))
            guard let member = try await tx.row(Self.member(user), as: Member.self) else {
                throw OrganizationError.noSuchThing
            }
            return Change(
                member: member, sessions: try await commitments(of: user, exceptAs: role, after: now, in: tx),
                endedKeys: endedKeys)
        }
    }

    private struct Standing: Decodable, Sendable {
        let role: Role
        let version: Int
    }

    /// Waits for the bookings that rely on the membership.
    private static func standing(of user: UserID) -> SQL {
        """
        SELECT role, version FROM memberships
        WHERE organization_id = app_org_id() AND user_id = \(user) AND left_at IS NULL FOR NO KEY UPDATE
        """
    }

    private static func revokeInvitations(by user: UserID, at now: Date) -> SQL {
        """
        UPDATE invitations SET revoked_at = \(now)
        WHERE organization_id = app_org_id() AND invited_by = \(user) AND accepted_at IS NULL AND revoked_at IS NULL
        """
    }

    /// Takes somebody who was here before in again.
    /// - Throws: ``OrganizationError/noSuchThing`` for anybody else; ``OrganizationError/alreadyMember``
    package func readmit(
        _ user: UserID, as role: Role, key: IdempotencyKey<Member> = .absent, actor: Actor
    ) async throws -> Member {
        try await database.acting(as: actor).transaction { tx in
            let back = try await tx.run(
                """
                UPDATE memberships SET role = \(role), left_at = NULL, joined_at = \(clock.now)
                WHERE organization_id = app_org_id() AND user_id = \(user) AND left_at IS NOT NULL
                """)
            guard let member = try await tx.row(Self.member(user), as: Member.self) else {
                throw OrganizationError.noSuchThing
            }
            guard back == 1 else { throw OrganizationError.alreadyMember }
            try await tx.run(
                [Outbox.append(MemberEvent.event(.joined, about: user, at: clock.now))] + key.keep(member))
            return member
        }
    }

    /// Takes somebody out of the organization, or lets the actor leave it. From the next request on they see nothing of
    /// it, and their API keys end; what they booked goes to `successor`; what they teach or attend is listed,
    /// since a time that people have agreed on is not for a program to cancel. A booking that is just being made is
    /// waited for and listed too; one that comes later is refused.
    /// - Throws: ``AccessError/forbidden`` when it is neither an admin nor the person; ``OrganizationError``
    package func remove(_ user: UserID, handingOverTo successor: UserID?, as actor: Actor) async throws -> MemberRemoval
    {
        let now = clock.now
        let mail = user == actor.user ? nil : try await farewell(to: user, as: actor)
        return try await database.acting(as: actor).transaction { tx in
            guard
                try await tx.row(
                    "SELECT app_role() IN ('admin', 'super_admin') OR app_user_id() = \(user)", as: Bool.self) == true
            else { throw AccessError.forbidden }
            try await tx.run(Self.lock)
            let gone = try await tx.run(
                """
                UPDATE memberships SET left_at = \(now)
                WHERE organization_id = app_org_id() AND user_id = \(user) AND left_at IS NULL
                """)
            guard gone == 1 else { throw OrganizationError.noSuchThing }
            guard try await tx.row(Self.hasAdmin, as: Bool.self) == true else { throw OrganizationError.lastAdmin }
            let handedOver = try await handOver(from: user, to: successor, in: tx)
            try await tx.run([
                "DELETE FROM group_members WHERE organization_id = app_org_id() AND user_id = \(user)",
                Self.revokeInvitations(by: user, at: now),
                Outbox.append(MemberEvent.event(.left, about: user, at: now)),
            ])
            let endedKeys: [String] = try await tx.rows("SELECT name FROM end_keys(\(user)) ORDER BY name")
            if let mail { try await tx.run(mail) }
            return MemberRemoval(
                handedOver: handedOver, sessions: try await commitments(of: user, exceptAs: nil, after: now, in: tx),
                endedKeys: endedKeys)
        }
    }

    private func handOver(from user: UserID, to successor: UserID?, in tx: Transaction) async throws -> Int {
        guard let successor else { return 0 }
        let fits = try await tx.row(
            """
            SELECT EXISTS (SELECT FROM memberships
                           WHERE organization_id = app_org_id() AND user_id = \(successor) AND left_at IS NULL
                             AND role IN ('admin', 'counselor'))
            """, as: Bool.self)
        guard fits == true else { throw OrganizationError.noSuccessor }
        var count = 0
        for statement in observers.flatMap({ $0.handOver(from: user, to: successor) }) {
            count += try await tx.run(statement)
        }
        return count
    }

    private func commitments(
        of user: UserID, exceptAs role: Role?, after now: Date, in tx: Transaction
    ) async throws -> [Commitment] {
        var found: [Commitment] = []
        for observer in observers {
            found += try await tx.rows(
                observer.commitments(of: user, exceptAs: role, after: now), as: Commitment.self)
        }
        return Array(found.sorted { $0.scheduledAt < $1.scheduledAt }.prefix(Commitment.most))
    }

    private func farewell(to user: UserID, as actor: Actor) async throws -> SQL? {
        struct Farewell: Decodable { let email: String, organization: String, organizationId: OrganizationID }
        let known = try await database.acting(as: actor).row(
            """
            SELECT u.email, o.name AS organization, o.id AS organization_id
            FROM memberships m JOIN users u ON u.id = m.user_id JOIN organizations o ON o.id = m.organization_id
            WHERE m.organization_id = app_org_id() AND m.user_id = \(user) AND m.left_at IS NULL
            """, as: Farewell.self)
        guard let known else { return nil }
        return try await mailer.post(
            .removed(from: known.organization), to: known.email, of: known.organizationId)
    }

    /// Changes of who is an admin wait for each other, so that two who go at once do not both see the other stay.
    private static let lock: SQL = "SELECT FROM organizations WHERE id = app_org_id() FOR NO KEY UPDATE"

    private static let hasAdmin: SQL =
        """
        SELECT EXISTS (SELECT FROM memberships
                       WHERE organization_id = app_org_id() AND left_at IS NULL AND role = 'admin')
        """

    private static func member(_ user: UserID) -> SQL {
        """
        SELECT m.user_id, u.name, u.email, m.role, u.time_zone, m.version
        FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.organization_id = app_org_id() AND m.user_id = \(user) AND m.left_at IS NULL
        """
    }
}
