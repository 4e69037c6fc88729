import Access
import Branding
import HTTP
import Hummingbird
import Identity
import Notifications
import Sessions
import Values

/// Who looks at a page, whatever organization they are in, if any.
struct SignedIn: Sendable {
    let profile: Profile
    let person: Person
    let formToken: String

    /// By cookie only: a page shows more than a key's scopes may.
    /// - Throws: 401 for who is not signed in; ``Identity/AccessError``, also ``Identity/AccessError/secondFactorRequired``
    ///   for who is half.
    static func find(
        in request: Request, _ context: AppContext, _ services: WebServer.Services, _ authentication: Authentication
    ) async throws -> SignedIn {
        guard let caller = try await authentication.caller(of: request), caller.isFromPage else {
            throw Problem.notSignedIn
        }
        let person = Person(caller.principal, address: context.address)
        return SignedIn(
            profile: try await services.identity.profiles.of(person), person: person,
            formToken: services.identity.tokens.formToken(for: person.signIn))
    }
}

/// Who looks at a page, and in which organization.
struct Visitor: Sendable {
    let signedIn: SignedIn
    let organization: Organizations.Organization
    let branding: Brand
    let role: Role
    let actor: Actor
    /// The newest event before the page was read: its script listens from there on, and misses none in between.
    let lastEvent: Int

    var profile: Profile { signedIn.profile }
    var formToken: String { signedIn.formToken }
    var canBook: Bool { role == .admin || role == .counselor }
    var isAdmin: Bool { role == .admin || role == .superAdmin }

    /// What the sessions of "my week" have in common: those of the whole organization for its admins.
    var part: Role? {
        switch role {
        case .superAdmin, .admin: nil
        case .counselor, .mentor, .student: role
        }
    }

    /// - Parameter wanted: the organization that they chose last. One that is not theirs any more is passed over for
    ///   their first; super admins may choose any.
    /// - Returns: `nil` for who is in no organization.
    static func find(
        _ signedIn: SignedIn, choosing wanted: OrganizationID?, services: WebServer.Services
    ) async throws -> Visitor? {
        let memberships = signedIn.profile.memberships
        if let wanted, signedIn.profile.superAdmin, !memberships.contains(where: { $0.organizationId == wanted }) {
            do {
                return try await enter(wanted, as: .superAdmin, signedIn, services)
            } catch AccessError.notAMember {
                // There is no such organization.
            }
        }
        let chosen = memberships.first { $0.organizationId == wanted } ?? memberships.first
        guard let chosen else { return nil }
        return try await enter(chosen.organizationId, as: chosen.role, signedIn, services)
    }

    private static func enter(
        _ organization: OrganizationID, as role: Role, _ signedIn: SignedIn, _ services: WebServer.Services
    ) async throws -> Visitor {
        let actor = Actor(signedIn.person, in: organization, roles: Role.allCases)
        return Visitor(
            signedIn: signedIn, organization: try await services.identity.organizations.current(as: actor),
            branding: try await services.branding.branding(as: actor), role: role, actor: actor,
            lastEvent: try await services.stream.head(as: actor))
    }
}
