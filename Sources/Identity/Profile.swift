package import Access
package import Postgres
package import Values

/// Who the signed-in person is, as `GET /api/auth/me` tells it.
package struct Profile: Codable, Sendable {
    package struct Membership: Codable, Sendable {
        package let organizationId: OrganizationID
        package let organizationName: String
        package let role: Role
    }
    package let id: UserID
    package let email: String
    package let name: String
    package let timeZone: String
    package let locale: String
    /// May look after all organizations of this server.
    package let superAdmin: Bool
    package let memberships: [Membership]
}

package struct Profiles: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package func of(_ person: Person) async throws -> Profile {
        let profile = try await database.acting(as: person).row(
            """
            SELECT u.id, u.email, u.name, u.time_zone, u.locale, u.super_admin,
                   coalesce((SELECT jsonb_agg(jsonb_build_object(
                                'organizationId', o.id, 'organizationName', o.name, 'role', m.role) ORDER BY o.name, o.id)
                             FROM memberships m JOIN organizations o ON o.id = m.organization_id
                             WHERE m.user_id = u.id AND m.left_at IS NULL), '[]') AS memberships
            FROM users u WHERE u.id = app_user_id()
            """, as: Profile.self)
        guard let profile else { throw AccessError.signedOut }
        return profile
    }

    package func rename(_ person: Person, to name: String) async throws -> Profile {
        try await database.acting(as: person).run(
            "UPDATE users SET name = \(name), updated_at = now() WHERE id = app_user_id()")
        return try await of(person)
    }
}
