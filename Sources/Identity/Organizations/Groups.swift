package import Access
import Durable
package import Foundation
package import Postgres
package import Values

/// People of one organization under one name.
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
        /// Rises with every new name.
        package let version: Int
    }

    /// By name.
    package func list(after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<Group> {
        let found = try await database.acting(as: actor).rows(
            """
            SELECT g.id, g.name, g.created_at, g.version,
                   (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS member_count
            FROM groups g
            WHERE g.organization_id = app_org_id()
              AND (\(cursor?.key)::text IS NULL OR (g.name, g.id) > (\(cursor?.key), \(cursor?.id)::uuid))
            ORDER BY g.name, g.id LIMIT \(limit + 1)
            """, as: Group.self)
        return Page(found, limit: limit) { Cursor(key: $0.name, id: $0.id.uuid) }
    }

    /// - Parameter name: blanks around it are left out. Names that differ in nothing but case or blanks are one name.
    /// - Throws: ``OrganizationError/groupNameTaken``, ``OrganizationError/blankName``
    package func create(
        name: String, key: IdempotencyKey<Group> = .absent, as actor: Actor
    ) async throws -> Group {
        let now = clock.now
        let name = try Self.trimmed(name)
        let group = Group(id: GroupID(at: now), name: name, memberCount: 0, createdAt: now, version: 1)
        return try await database.acting(as: actor).transaction { tx in
            let made = try await tx.run(
                """
                INSERT INTO groups (id, organization_id, name, created_at)
                VALUES (\(group.id), app_org_id(), \(name), \(now))
                ON CONFLICT (organization_id, name_key(name)) DO NOTHING
                """)
            guard made == 1 else { throw OrganizationError.groupNameTaken }
            try await tx.run(key.keep(group))
            return group
        }
    }

    /// - Parameter version: the one that the change is based on; `nil`: whatever it is now.
    /// - Throws: ``OrganizationError/noSuchThing``, ``OrganizationError/groupNameTaken``,
    ///   ``OrganizationError/blankName``, ``StaleVersion``
    package func rename(
        _ group: GroupID, to name: String, from version: Int? = nil, as actor: Actor
    ) async throws {
        let name = try Self.trimmed(name)
        do {
            let changed = try await database.acting(as: actor).run(
                """
                UPDATE groups SET name = \(name), updated_at = \(clock.now), version = version + 1
                WHERE organization_id = app_org_id() AND id = \(group)
                  AND (\(version)::bigint IS NULL OR version = \(version))
                """)
            if changed == 0 { throw try await whyNotRenamed(group, as: actor) }
        } catch let error as PostgresError {
            guard case .server(let cause) = error, cause.constraint == "groups_name_key" else { throw error }
            throw OrganizationError.groupNameTaken
        }
    }

    private func whyNotRenamed(_ group: GroupID, as actor: Actor) async throws -> any Error {
        let current = try await database.acting(as: actor).row(
            "SELECT version FROM groups WHERE organization_id = app_org_id() AND id = \(group)", as: Int.self)
        return current.map(StaleVersion.init) ?? OrganizationError.noSuchThing
    }

    private static func trimmed(_ name: String) throws(OrganizationError) -> String {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty else { throw .blankName }
        return name
    }

    /// Its people stay members of the organization.
    /// - Throws: ``OrganizationError/noSuchThing``
    package func delete(_ group: GroupID, as actor: Actor) async throws {
        let gone = try await database.acting(as: actor).run(
            "DELETE FROM groups WHERE organization_id = app_org_id() AND id = \(group)")
        guard gone == 1 else { throw OrganizationError.noSuchThing }
    }

    /// Idempotent.
    /// - Throws: ``OrganizationError/noSuchThing`` when there is no such group, or no such member to put into it.
    package func add(_ user: UserID, to group: GroupID, as actor: Actor) async throws {
        let known = try await database.acting(as: actor).row(
            """
            WITH place AS (
                SELECT g.id, m.user_id FROM groups g, memberships m
                WHERE g.organization_id = app_org_id() AND g.id = \(group)
                  AND m.organization_id = app_org_id() AND m.user_id = \(user) AND m.left_at IS NULL
                -- Anyone who is just being taken out is put into nothing, and so is nobody into what is being deleted.
                FOR SHARE OF m FOR KEY SHARE OF g),
            added AS (
                INSERT INTO group_members (organization_id, group_id, user_id)
                SELECT app_org_id(), id, user_id FROM place ON CONFLICT DO NOTHING)
            SELECT count(*) FROM place
            """, as: Int.self)
        guard known == 1 else { throw OrganizationError.noSuchThing }
    }

    /// Idempotent.
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
