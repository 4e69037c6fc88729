package import Postgres
package import Values

/// Who asks, in which organization, and what they must be there for the answer to be yes.
package struct Actor: Sendable, Hashable {
    package let person: Person
    /// `nil`: the only organization that the person is a member of.
    package let organization: OrganizationID?
    /// The roles that may do what is being asked.
    package let roles: [Role]
    /// Whether a super admin who names no organization may ask it of all of them.
    package let isForPlatform: Bool

    package var user: UserID { person.user }

    package init(_ person: Person, in organization: OrganizationID?, roles: [Role], isForPlatform: Bool = false) {
        self.person = person
        self.organization = organization
        self.roles = roles
        self.isForPlatform = isForPlatform
    }
}

extension Actor {
    /// Keeps the caller in the organization and in their role until the transaction ends, for what must not be left
    /// behind by somebody who is just being taken out. Refuses when that has happened meanwhile.
    package static let staysAsTheyAre: SQL = """
        WITH own AS MATERIALIZED (
            SELECT m.role, m.left_at FROM memberships m
            WHERE m.organization_id = app_org_id() AND m.user_id = app_user_id() FOR SHARE OF m)
        SELECT refuse('forbidden') FROM own
        HAVING app_role() <> 'super_admin' AND bool_or(left_at IS NULL AND role = app_role()) IS NOT TRUE
        """
}
