import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// Which of somebody's organizations the pages show: the browser remembers it for a year.
extension PageRoutes {
    private static let cookieName = "convene_organization"

    func chosenOrganization(in request: Request) -> OrganizationID? {
        request.cookies[Self.cookieName].flatMap { OrganizationID($0.value) }
    }

    func cookie(choosing organization: OrganizationID) -> String {
        "\(Self.cookieName)=\(organization); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
            + (authentication.isSecure ? "; Secure" : "")
    }

    /// - Throws: 404 for an organization that is not the person's to enter.
    @Sendable func switchOrganization(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let caller = try await authentication.caller(of: request) else {
            return Reply.redirect(to: "/sign-in").response
        }
        let form = try await Form(request)
        if let again = try await askAgain(form, Question.switching, request, context, by: caller) { return again }
        let signedIn = try await SignedIn.find(in: request, context, services, authentication)
        guard let wanted = form["organization"].flatMap({ OrganizationID($0) }),
            try await Visitor.find(signedIn, choosing: wanted, services: services)?.organization.id == wanted
        else { throw Problem.notFound }
        let next = form["next"] ?? "/week"
        return Reply.redirect(
            to: SignInPage.isOurs(next) ? next : "/week", headers: [.setCookie: cookie(choosing: wanted)]
        ).response
    }
}
