package import Postgres
package import Values

/// The people of one organisation.
package struct Members: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package struct Member: Codable, Sendable {
        package let userId: UserID
        package let name: String
        package let email: String
        package let role: Role
        package let timeZone: String
    }

    package struct Organization: Codable, Sendable {
        package let id: OrganizationID
        package let slug: String
        package let name: String
        package let timeZone: String
        package let defaultProvider: ProviderName
    }

    /// Those of `role`, or all, by name, at most `limit` after the one that `cursor` names.
    /// - Throws: ``AccessError/notAMember`` when the organisation is not the actor's.
    package func list(role: Role?, after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<Member> {
        let found = try await database.acting(as: actor).rows(
            """
            SELECT m.user_id, u.name, u.email, m.role, u.time_zone
            FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.organization_id = app_org_id() AND m.left_at IS NULL
              AND (\(role)::text IS NULL OR m.role = \(role))
              AND (\(cursor?.key)::text IS NULL OR (u.name, u.id) > (\(cursor?.key), \(cursor?.id)::uuid))
            ORDER BY u.name, u.id LIMIT \(limit + 1)
            """, as: Member.self)
        return Page(found, limit: limit) { Cursor(key: $0.name, id: $0.userId.uuid) }
    }

    /// The organisation that the actor is in.
    package func organization(as actor: Actor) async throws -> Organization {
        let organization = try await database.acting(as: actor).row(
            "SELECT id, slug, name, time_zone, default_provider FROM organizations WHERE id = app_org_id()",
            as: Organization.self)
        guard let organization else { throw AccessError.notAMember }
        return organization
    }
}
