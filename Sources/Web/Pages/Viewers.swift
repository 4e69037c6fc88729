import Access
import Branding
import HTTP
import Hummingbird
import Identity
import Notifications
import Values

/// Finds out who looks at a page, and in which organization: the browser remembers for a year which one they chose.
struct Viewers: Sendable {
    let authentication: Authentication
    let profiles: Profiles
    let ownSignIns: OwnSignIns
    let organizations: Organizations
    let tokens: Tokens
    let branding: BrandingService
    let stream: EventStream

    private static let cookieName = "convene_organization"

    /// By cookie only: a page shows more than a key's scopes may.
    /// - Throws: 401 for who is not signed in; ``Access/AccessError``, also ``Access/AccessError/secondFactorRequired``
    ///   for who is half.
    func signedIn(_ request: PageRequest) async throws -> SignedIn {
        guard let caller = try await authentication.caller(of: request.request), caller.isFromPage else {
            throw Problem.notSignedIn
        }
        let person = Person(caller.principal, address: request.context.address)
        return SignedIn(
            profile: try await profiles.of(person), person: person, formToken: tokens.formToken(for: person.signIn))
    }

    /// Anyone who has signed in wholly; `nil` for everybody else.
    func current(_ request: PageRequest) async throws -> SignedIn? {
        do {
            return try await signedIn(request)
        } catch {
            if error is AccessError || error is Problem { return nil }
            throw error
        }
    }

    /// That somebody was here matters less than what they came for.
    func touch(_ signedIn: SignedIn) async { try? await ownSignIns.touch(as: signedIn.person) }

    func chosenOrganization(in request: PageRequest) -> OrganizationID? {
        request.request.cookies[Self.cookieName].flatMap { OrganizationID($0.value) }
    }

    func cookie(choosing organization: OrganizationID) -> String {
        "\(Self.cookieName)=\(organization); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
            + (authentication.isSecure ? "; Secure" : "")
    }

    /// - Parameter wanted: the organization that they chose last. One that is not theirs any more is passed over for
    ///   their first; super admins may choose any.
    /// - Returns: `nil` for who is in no organization.
    func visitor(_ signedIn: SignedIn, choosing wanted: OrganizationID?) async throws -> Visitor? {
        let memberships = signedIn.profile.memberships
        if let wanted, signedIn.profile.superAdmin, !memberships.contains(where: { $0.organizationId == wanted }) {
            do {
                return try await enter(wanted, as: .superAdmin, signedIn)
            } catch AccessError.notAMember {
                // There is no such organization.
            }
        }
        let chosen = memberships.first { $0.organizationId == wanted } ?? memberships.first
        guard let chosen else { return nil }
        return try await enter(chosen.organizationId, as: chosen.role, signedIn)
    }

    private func enter(
        _ organization: OrganizationID, as role: Role, _ signedIn: SignedIn
    ) async throws -> Visitor {
        let actor = Actor(signedIn.person, in: organization, roles: Role.allCases)
        return Visitor(
            signedIn: signedIn, organization: try await organizations.current(as: actor),
            branding: try await branding.branding(as: actor), role: role, actor: actor,
            lastEvent: try await stream.head(as: actor))
    }
}
