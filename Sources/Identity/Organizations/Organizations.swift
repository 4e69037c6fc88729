package import Access
import Durable
import Foundation
package import Postgres
package import Values

/// The organizations of this server.
package struct Organizations: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package struct Organization: Codable, Sendable {
        package let id: OrganizationID
        package let slug: String
        package let name: String
        package let timeZone: String
        package let defaultProvider: ProviderName
        /// Rises with every change.
        package let version: Int
    }

    /// What may be changed; what is `nil` stays.
    package struct Change: Codable, Sendable {
        package var slug: String?
        package var name: Line?
        package var timeZone: String?
        package var defaultProvider: ProviderName?
        /// The one that the change is based on; `nil`: whatever it is now.
        package var version: Int?
    }

    /// The person's own, or all of them for a super admin; by name.
    /// - Parameter text: what their name or slug holds; `nil`: it does not matter.
    package func list(
        named text: String? = nil, after cursor: Cursor?, limit: Int, as person: Person
    ) async throws -> Page<Organization> {
        let pattern = text.map { "%" + $0.replacing(/[\\%_]/) { "\\" + $0.output } + "%" }
        let found = try await database.acting(as: person).rows(
            """
            SELECT id, slug, name, time_zone, default_provider, version FROM organizations o
            WHERE (EXISTS (SELECT FROM memberships m WHERE m.organization_id = o.id AND m.user_id = app_user_id()
                                                       AND m.left_at IS NULL)
                   OR EXISTS (SELECT FROM users u WHERE u.id = app_user_id() AND u.super_admin))
              AND (\(pattern)::text IS NULL OR o.name ILIKE \(pattern) OR o.slug ILIKE \(pattern))
              AND (\(cursor?.key)::text IS NULL OR (o.name, o.id) > (\(cursor?.key), \(cursor?.id)::uuid))
            ORDER BY o.name, o.id LIMIT \(limit + 1)
            """, as: Organization.self)
        return Page(found, limit: limit) { Cursor(key: $0.name, id: $0.id.uuid) }
    }

    /// The one that the actor is in.
    package func current(as actor: Actor) async throws -> Organization {
        let organization = try await database.acting(as: actor).row(Self.current, as: Organization.self)
        guard let organization else { throw AccessError.notAMember }
        return organization
    }

    private static let current: SQL =
        "SELECT id, slug, name, time_zone, default_provider, version FROM organizations WHERE id = app_org_id()"

    /// - Throws: ``OrganizationError/slugTaken``
    package func create(
        slug: String, name: String, timeZone: String, defaultProvider: ProviderName,
        key: IdempotencyKey<Organization> = .absent, as actor: Actor
    ) async throws -> Organization {
        let organization = Organization(
            id: OrganizationID(at: clock.now), slug: slug, name: name, timeZone: timeZone,
            defaultProvider: defaultProvider, version: 1)
        _ = try await refusingTakenSlugs {
            try await database.acting(as: actor).atomically(
                [
                    """
                    INSERT INTO organizations (id, slug, name, time_zone, default_provider)
                    VALUES (\(organization.id), \(slug), \(name), \(timeZone), \(defaultProvider))
                    """
                ] + key.keep(organization))
        }
        return organization
    }

    /// - Throws: ``OrganizationError/slugTaken``, ``StaleVersion``
    package func update(_ change: Change, as actor: Actor) async throws -> Organization {
        let changed = try await refusingTakenSlugs {
            try await database.acting(as: actor).row(
                """
                UPDATE organizations
                SET slug = coalesce(\(change.slug), slug), name = coalesce(\(change.name?.text), name),
                    time_zone = coalesce(\(change.timeZone), time_zone),
                    default_provider = coalesce(\(change.defaultProvider), default_provider),
                    updated_at = \(clock.now), version = version + 1
                WHERE id = app_org_id() AND (\(change.version)::bigint IS NULL OR version = \(change.version))
                RETURNING id, slug, name, time_zone, default_provider, version
                """, as: Organization.self)
        }
        guard let changed else { throw StaleVersion(current: try await current(as: actor).version) }
        return changed
    }

    private func refusingTakenSlugs<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as PostgresError {
            if case .server(let cause) = error, cause.constraint == "organizations_slug_key" {
                throw OrganizationError.slugTaken
            }
            throw error
        }
    }
}

/// Why something about an organization cannot be done.
package enum OrganizationError: Error, Equatable {
    case slugTaken
    /// A group's name is in use there.
    case groupNameTaken
    /// A name that says nothing.
    case blankName
    /// There has to be an admin.
    case lastAdmin
    /// Who is to take over is no active member whose role allows it.
    case noSuccessor
    /// No such member, group or invitation, as far as the actor may know.
    case noSuchThing
    /// The person is a member already.
    case alreadyMember
}
