package import Access
import Postgres
package import Values

/// Which members somebody looks for; what is `nil` says nothing.
package struct MemberFilter: Sendable {
    package var roles: [Role]?
    package var group: GroupID?
    /// Those who are not in this group.
    package var outside: GroupID?
    package var people: [UserID]?
    /// What their name or address holds, without regard to case and accents.
    package var text: String?

    package init(
        roles: [Role]? = nil, group: GroupID? = nil, outside: GroupID? = nil, people: [UserID]? = nil,
        text: String? = nil
    ) {
        self.roles = roles
        self.group = group
        self.outside = outside
        self.people = people
        self.text = text
    }

    /// Only what is asked for: with what is not, no index would fit.
    fileprivate var condition: SQL {
        var all: [SQL] = ["m.organization_id = app_org_id() AND m.left_at IS NULL"]
        if let roles { all.append("m.role = ANY (\(roles))") }
        if let people { all.append("m.user_id = ANY (\(people)::uuid[])") }
        if let group { all.append(Self.isIn(group)) }
        if let outside { all.append("NOT \(Self.isIn(outside))") }
        return .joined(all, separator: " AND ")
    }

    private static func isIn(_ group: GroupID) -> SQL {
        "EXISTS (SELECT FROM group_members g WHERE g.group_id = \(group) AND g.user_id = m.user_id)"
    }
}

extension Members {
    /// At most `limit`, after the one that `cursor` names. By name; those who are looked for by a text in the order in
    /// which one expects them: whose name begins with it, then those with a word that does, then the rest.
    /// - Throws: ``AccessError/notAMember`` when the organization is not the actor's.
    package func list(
        _ filter: MemberFilter = MemberFilter(), after cursor: Cursor? = nil, limit: Int, as actor: Actor
    ) async throws -> Page<Member> {
        let list =
            filter.text.map { Self.matching($0, filter, after: cursor, limit: limit) }
            ?? Self.byName(filter, after: cursor, limit: limit)
        let found = try await database.acting(as: actor).rows(list, as: Place.self)
        let page = Page(found, limit: limit) { Cursor(key: $0.place, id: $0.member.userId.uuid) }
        return page.map(\.member.inZoneOfToday)
    }

    /// A member, and what the list is in order of.
    private struct Place: Decodable, Sendable {
        let place: String
        let member: Member

        private enum CodingKeys: String, CodingKey { case place }

        init(from decoder: any Decoder) throws {
            place = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .place)
            member = try Member(from: decoder)
        }
    }

    /// Reads no more of the index than it shows, however many members there are.
    private static func byName(_ filter: MemberFilter, after cursor: Cursor?, limit: Int) -> SQL {
        """
        SELECT m.user_id, u.name, u.email, m.role, u.time_zone, m.version, m.name AS place
        FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE \(filter.condition)
          AND (\(cursor?.key)::text IS NULL OR (m.name, m.user_id) > (\(cursor?.key), \(cursor?.id)::uuid))
        ORDER BY m.name, m.user_id LIMIT \(limit + 1)
        """
    }

    /// Looks at each membership of the organization, and at the people of those alone that it shows.
    private static func matching(_ text: String, _ filter: MemberFilter, after cursor: Cursor?, limit: Int) -> SQL {
        """
        WITH typed AS MATERIALIZED (SELECT search_key(\(text)) AS key),
        found AS (
            SELECT m.user_id, m.role, m.version,
                   CASE WHEN starts_with(m.found_by, t.key) THEN '0'
                        WHEN strpos(m.found_by, ' ' || t.key) > 0 THEN '1' ELSE '2' END || m.name AS place
            FROM memberships m, typed t
            WHERE strpos(m.found_by, t.key) > 0 AND \(filter.condition)),
        shown AS (
            SELECT * FROM found
            WHERE \(cursor?.key)::text IS NULL OR (place, user_id) > (\(cursor?.key), \(cursor?.id)::uuid)
            ORDER BY place, user_id LIMIT \(limit + 1))
        SELECT s.user_id, u.name, u.email, s.role, u.time_zone, s.version, s.place
        FROM shown s JOIN users u ON u.id = s.user_id ORDER BY s.place, s.user_id
        """
    }
}

extension Members.Member {
    /// By whatever older name their browser knew the zone: pages need no table of these then.
    fileprivate var inZoneOfToday: Members.Member {
        Members.Member(
            userId: userId, name: name, email: email, role: role, timeZone: ZoneName.ofToday(timeZone),
            version: version)
    }
}
