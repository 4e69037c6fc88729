import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// A page that stays open while its sign-in ends holds a form token of the past. Scripts take a new one and go on, if
/// the same person has signed in again; where forms work without script, people press the button once more.
extension PageRoutes {
    private struct FormToken: Encodable {
        let token: String
        let userId: UserID
        let name: String
        /// The one whose pages are shown; `null` for who is in none.
        let organizationId: OrganizationID?
        let organizationName: String?
    }

    /// For our own pages alone: other sites cannot read it, and browsers say when they ask.
    @Sendable func formToken(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let signedIn = try await SignedIn.find(in: request, context, services, authentication)
        let visitor = try await Visitor.find(signedIn, choosing: chosenOrganization(in: request), services: services)
        return try Reply.json(
            FormToken(
                token: signedIn.formToken, userId: signedIn.profile.id, name: signedIn.profile.name,
                organizationId: visitor?.organization.id, organizationName: visitor?.organization.name),
            headers: [.cacheControl: "no-store"]
        ).response
    }

    /// What a form does, as the page asks about it.
    struct Question: Sendable {
        let path: String, action: String
        /// The form's fields beside the token.
        let fields: [String]

        static let signOut = Question(path: "/sign-out", action: "Sign out", fields: ["next"])
        static let switching = Question(
            path: "/organization/switch", action: "Switch", fields: ["organization", "next"])
        static let accepting = Question(
            path: "/invitation/accept", action: "Accept the invitation", fields: ["token"])
    }

    private struct AgainPage: Sendable {
        struct Field: Sendable {
            let name: String, value: String
        }

        let path: String, action: String
        let fields: [Field]
        let email: String
    }

    /// - Returns: `nil` when the form's token holds; else the page that asks anyone who is signed in now.
    /// - Throws: 403 for a form of another site.
    func askAgain(
        _ form: Form, _ question: Question, _ request: Request, _ context: AppContext, by caller: Authentication.Caller
    ) async throws -> Response? {
        if authentication.isGenuine(form["csrf"], of: caller) { return nil }
        try Self.checkOrigin(of: request)
        guard form["csrf"] != nil, let signedIn = try await currentUser(request, context) else {
            try authentication.checkForgery(form["csrf"], by: caller)
            return nil
        }
        let page = AgainPage(
            path: question.path, action: question.action,
            fields: question.fields.compactMap { name in form[name].map { .init(name: name, value: $0) } },
            email: signedIn.profile.email)
        return try templates.reply(
            "again", title: question.action, visitor: nil, signedIn: signedIn, page, status: .forbidden
        ).withoutReferrer.response
    }
}
