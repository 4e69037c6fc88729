import Identity
import Notifications
import Sessions
import Values

/// Who looks at a page, and in which organisation.
struct Visitor: Sendable {
    let profile: Profile
    let organization: Organizations.Organization
    let role: Role
    let actor: Actor
    let formToken: String
    /// The newest event before the page was read: its script listens from there on, and misses none in between.
    let lastEvent: Int

    var canBook: Bool { role == .admin || role == .counselor }
    var isAdmin: Bool { role == .admin || role == .superAdmin }

    /// What the sessions of "my week" have in common: those of the whole organisation for its admins.
    var part: Role? {
        switch role {
        case .superAdmin, .admin: nil
        case .counselor, .mentor, .student: role
        }
    }

    /// - Throws: ``ErrorPage/noOrganisation``
    static func find(_ person: Person, desks: WebServer.Desks) async throws -> Visitor {
        let profile = try await desks.identity.profiles.of(person)
        guard let membership = profile.memberships.first else { throw ErrorPage.noOrganisation }
        let actor = Actor(person, in: membership.organizationId, roles: Role.allCases)
        return Visitor(
            profile: profile, organization: try await desks.identity.organizations.current(as: actor),
            role: membership.role,
            actor: actor, formToken: desks.identity.tokens.formToken(for: person.signIn),
            lastEvent: try await desks.stream.head(as: actor))
    }
}
