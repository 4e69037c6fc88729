package import Foundation
package import Postgres
package import Values

/// People of one organisation under one name.
package struct Groups: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package struct Group: Codable, Sendable {
        package let id: GroupID
        package let name: String
        package let memberCount: Int
        package let createdAt: Date
    }

    /// By name.
    package func list(after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<Group> {
        let found = try await database.acting(as: actor).rows(
            """
            SELECT g.id, g.name, g.created_at,
                   (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS member_count
            FROM groups g
            WHERE g.organization_id = app_org_id()
              AND (\(cursor?.key)::text IS NULL OR (g.name, g.id) > (\(cursor?.key), \(cursor?.id)::uuid))
            ORDER BY g.name, g.id LIMIT \(limit + 1)
            """, as: Group.self)
        return Page(found, limit: limit) { Cursor(key: $0.name, id: $0.id.uuid) }
    }

    /// - Throws: ``OrganizationError/groupNameTaken``
    package func create(name: String, as actor: Actor) async throws -> Group {
        let now = clock.now
        let group = Group(id: GroupID(at: now), name: name, memberCount: 0, createdAt: now)
        let made = try await database.acting(as: actor).run(
            """
            INSERT INTO groups (id, organization_id, name, created_at) VALUES (\(group.id), app_org_id(), \(name), \(now))
            ON CONFLICT ON CONSTRAINT groups_name_key DO NOTHING
            """)
        guard made == 1 else { throw OrganizationError.groupNameTaken }
        return group
    }

    /// - Throws: ``OrganizationError/noSuchThing``, ``OrganizationError/groupNameTaken``
    package func rename(_ group: GroupID, to name: String, as actor: Actor) async throws {
        do {
            let changed = try await database.acting(as: actor).run(
                """
                UPDATE groups SET name = \(name), updated_at = \(clock.now)
                WHERE organization_id = app_org_id() AND id = \(group)
                """)
            guard changed == 1 else { throw OrganizationError.noSuchThing }
        } catch let error as PostgresError {
            guard case .server(let cause) = error, cause.constraint == "groups_name_key" else { throw error }
            throw OrganizationError.groupNameTaken
        }
    }

    /// Its people stay members of the organisation.
    /// - Throws: ``OrganizationError/noSuchThing``
    package func delete(_ group: GroupID, as actor: Actor) async throws {
        let gone = try await database.acting(as: actor).run(
            "DELETE FROM groups WHERE organization_id = app_org_id() AND id = \(group)")
        guard gone == 1 else { throw OrganizationError.noSuchThing }
    }

    /// Twice is as good as once.
    /// - Throws: ``OrganizationError/noSuchThing`` when there is no such group, or no such member to put into it.
    package func add(_ user: UserID, to group: GroupID, as actor: Actor) async throws {
        let known = try await database.acting(as: actor).row(
            """
            WITH place AS (
                SELECT g.id, m.user_id FROM groups g, memberships m
                WHERE g.organization_id = app_org_id() AND g.id = \(group)
                  AND m.organization_id = app_org_id() AND m.user_id = \(user) AND m.left_at IS NULL),
            added AS (
                INSERT INTO group_members (organization_id, group_id, user_id)
                SELECT app_org_id(), id, user_id FROM place ON CONFLICT DO NOTHING)
            SELECT count(*) FROM place
            """, as: Int.self)
        guard known == 1 else { throw OrganizationError.noSuchThing }
    }

    /// Twice is as good as once.
    /// - Throws: ``OrganizationError/noSuchThing`` when there is no such group.
    package func remove(_ user: UserID, from group: GroupID, as actor: Actor) async throws {
        let known = try await database.acting(as: actor).row(
            """
            WITH gone AS (
                DELETE FROM group_members
                WHERE organization_id = app_org_id() AND group_id = \(group) AND user_id = \(user))
            SELECT count(*) FROM groups WHERE organization_id = app_org_id() AND id = \(group)
            """, as: Int.self)
        guard known == 1 else { throw OrganizationError.noSuchThing }
    }
}
