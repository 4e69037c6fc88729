package import Access
package import Foundation
package import Postgres
package import Values

/// The audit log, to be read. The database writes it: triggers note every change, and the ``AuditChain`` numbers what
/// they noted.
///
/// Everybody sees their organization's entries, newest first by place in the log; a super admin outside any
/// organization sees those of all, and those that belong to none. Entries are never deleted.
package struct AuditLog: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package struct Entry: Decodable, Sendable {
        /// Among the entries of all organizations.
        package let position: Int
        /// In its chain, dense from 1.
        package let number: Int
        /// `nil`: of the platform.
        package let organizationId: OrganizationID?
        package let at: Date
        package let actorId: UserID?
        /// `nil` too for who is not known in the reader's organization.
        package let actorName: String?
        package let actorEmail: String?
        package let action: String
        package let subjectType: String
        package let subjectId: String
        /// What people call it now; `nil` where it has no name, or none any more, or none that the reader may see.
        package let subjectName: String?
        /// What was hashed: a JSON object with, besides the above, `role`, `address`, `signIn`, `table`, and `before`
        /// and `after` by the names of columns.
        package let entry: String
        /// In hexadecimal.
        package let hash: String
    }

    /// Which entries are wanted; what is `nil` does not matter.
    package struct Filter: Sendable {
        package var actor: UserID?
        /// ``AuditSubject/actions``.
        package var action: String?
        package var subjectType: AuditSubject?
        package var subject: String?
        package var from: Date?
        /// Up to and without this moment.
        package var to: Date?

        package init(
            actor: UserID? = nil, action: String? = nil, subjectType: AuditSubject? = nil, subject: String? = nil,
            from: Date? = nil, to: Date? = nil
        ) {
            self.actor = actor
            self.action = action
            self.subjectType = subjectType
            self.subject = subject
            self.from = from
            self.to = to
        }

        /// Only what is wanted, so that each filter is a statement with a plan of its own.
        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let actor { conditions.append("actor_id = \(actor)") }
            if let action { conditions.append("action = \(action)") }
            if let subjectType { conditions.append("subject_type = \(subjectType.rawValue)") }
            if let subject { conditions.append("subject_id = \(subject)") }
            if let from { conditions.append("at >= \(from)") }
            if let to { conditions.append("at < \(to)") }
            return conditions
        }
    }

    /// Newest first.
    package func list(_ filter: Filter, after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<Entry>
    {
        var conditions = filter.conditions
        if let position = cursor.flatMap({ Int($0.key) }) { conditions.append("position < \(position)") }
        let found = try await database.acting(as: actor).rows(
            """
            SELECT e.position, e.number, \(Self.organization), e.at, e.actor_id, u.name AS actor_name,
                   u.email AS actor_email, e.action, e.subject_type, e.subject_id,
                   \(Self.subjectName) AS subject_name, e.entry, encode(e.hash, 'hex') AS hash
            FROM \(Self.visible(conditions, order: "position DESC", limit: limit + 1)) e
            LEFT JOIN users u ON u.id = e.actor_id
            ORDER BY e.position DESC LIMIT \(limit + 1)
            """, as: Entry.self)
        return Page(found, limit: limit) { Cursor(key: String($0.position), id: Self.anything) }
    }

    /// One line of an export: a JSON object with `organizationId`, `number`, `entry` (text), `previousHash` and `hash`.
    ///
    /// `hash` is the SHA-256 of the bytes of `previousHash` and, behind them, of `entry` in UTF-8; both hashes are written in
    /// hexadecimal. Before the first entry of a chain stand 32 zero bytes.
    package struct Line: Decodable, Sendable {
        /// Among the entries of all organizations.
        package let position: Int
        package let text: String
    }

    /// Oldest first, `limit` at most of those after `position`.
    package func lines(_ filter: Filter, after position: Int, limit: Int, as actor: Actor) async throws -> [Line] {
        let conditions = filter.conditions + ["position > \(position)"]
        return try await database.acting(as: actor).rows(
            """
            SELECT e.position, json_build_object(
                'organizationId', o.organization_id, 'number', e.number,
                'previousHash', encode(coalesce(p.hash, audit_genesis()), 'hex'), 'hash', encode(e.hash, 'hex'),
                'entry', e.entry)::text AS text
            FROM \(Self.visible(conditions, order: "position", limit: limit)) e
            CROSS JOIN LATERAL (SELECT \(Self.organization)) o
            LEFT JOIN audit_logs p ON p.organization_id = e.organization_id AND p.number = e.number - 1
            ORDER BY e.position LIMIT \(limit)
            """, as: Line.self)
    }

    /// Each of these kinds of things is told by the id of a row.
    private static let subjectName: SQL = """
        CASE
            WHEN e.subject_type IN ('membership', 'user', 'password', 'preferences', 'second_factor', 'recovery_code',
                                    'group_member')
                THEN (SELECT n.name FROM users n WHERE n.id = e.subject_id::uuid)
            WHEN e.subject_type = 'group' THEN (SELECT n.name FROM groups n WHERE n.id = e.subject_id::uuid)
            WHEN e.subject_type = 'organization'
                THEN (SELECT n.name FROM organizations n WHERE n.id = e.subject_id::uuid)
            WHEN e.subject_type = 'invitation' THEN (SELECT n.email FROM invitations n WHERE n.id = e.subject_id::uuid)
            WHEN e.subject_type IN ('session', 'class_student')
                THEN (SELECT n.title FROM all_sessions n WHERE n.id = e.subject_id::uuid)
        END
        """

    private static let organization: SQL =
        "nullif(e.organization_id, '00000000-0000-0000-0000-000000000000') AS organization_id"

    /// Two halves of which one is empty: each finds its rows by an index, where an OR would find none.
    private static func visible(_ conditions: [SQL], order: SQL, limit: Int) -> SQL {
        func half(_ scope: SQL) -> SQL {
            """
            (SELECT * FROM audit_logs WHERE \(SQL.joined([scope] + conditions, separator: " AND "))
             ORDER BY \(order) LIMIT \(limit))
            """
        }
        return "(\(half("organization_id = app_org_id()")) UNION ALL \(half("app_is_platform()")))"
    }

    /// Positions are never equal, so that a cursor needs no second key.
    private static let anything = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
