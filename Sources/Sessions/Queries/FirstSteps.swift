package import Access
import Postgres

/// How far an organization has come on the way to its first booked session.
package struct FirstSteps: Decodable, Sendable {
    /// Whether anybody of a role is in the organization, or has only an invitation that is still good.
    package enum People: String, Decodable, Sendable {
        case none, invited, joined
    }

    package let mentors: People
    package let students: People
    /// Whether anything was ever booked, whatever became of it.
    package let hasBooked: Bool
}

extension SessionService {
    /// - Parameter actor: an admin or a counselor; others see too little of the organization.
    package func firstSteps(as actor: Actor) async throws -> FirstSteps? {
        try await database.acting(as: actor).row(
            """
            SELECT \(Self.people(.mentor)) AS mentors, \(Self.people(.student)) AS students,
                   EXISTS (SELECT FROM all_sessions s WHERE s.organization_id = app_org_id()) AS has_booked
            """, as: FirstSteps.self)
    }

    private static func people(_ role: Role) -> SQL {
        """
        CASE WHEN EXISTS (SELECT FROM memberships m
                          WHERE m.organization_id = app_org_id() AND m.role = \(role) AND m.left_at IS NULL) THEN 'joined'
             WHEN EXISTS (SELECT FROM invitations i
                          WHERE i.organization_id = app_org_id() AND i.role = \(role) AND i.accepted_at IS NULL
                            AND i.revoked_at IS NULL AND i.expires_at > present()) THEN 'invited'
             ELSE 'none' END
        """
    }
}
