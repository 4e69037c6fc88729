import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// A form that a page sends, as the page asks about it that is shown when its token is not that of whoever is signed in.
struct PostedForm: Sendable {
    let path: String
    /// What its button says.
    let action: String
    /// Its fields beside the token.
    let fields: [String]
}

/// A page that stays open while its sign-in ends holds a form token of the past. Scripts take a new one and go on, if
/// the same person has signed in again; where forms work without script, people press the button once more.
struct FormTokens: Sendable {
    let viewers: Viewers
    let templates: PageTemplates

    var pages: [WebPage] { [.open(.get, "/form-token", checksSignIn: true, current)] }

    private struct FormToken: Encodable {
        let token: String
        let userId: UserID
        let name: String
        /// The one whose pages are shown; `null` for who is in none.
        let organizationId: OrganizationID?
        let organizationName: String?
    }

    /// For our own pages alone: other sites cannot read it, and browsers say when they ask.
    @Sendable private func current(_ request: PageRequest) async throws -> Reply {
        try Self.checkOrigin(of: request)
        let signedIn = try await viewers.signedIn(request)
        let visitor = try await viewers.visitor(signedIn, choosing: viewers.chosenOrganization(in: request))
        return try .json(
            FormToken(
                token: signedIn.formToken, userId: signedIn.profile.id, name: signedIn.profile.name,
                organizationId: visitor?.organization.id, organizationName: visitor?.organization.name),
            headers: [.cacheControl: "no-store"])
    }

    /// Where there is no cookie yet that a form token could belong to, browsers say where a form was sent from.
    static func checkOrigin(of request: PageRequest) throws {
        guard let site = request.request.headers[HTTPField.Name("Sec-Fetch-Site")!] else { return }
        guard ["same-origin", "none"].contains(site) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Open the page here and try again.")
        }
    }

    private struct AgainPage: Sendable {
        struct Field: Sendable {
            let name: String, value: String
        }

        let path: String, action: String
        let fields: [Field]
        let email: String
    }

    /// - Returns: `nil` when the form's token holds; else the page that asks whoever is signed in now.
    /// - Throws: 403 for a form of another site.
    func askAgain(_ form: Form, _ posted: PostedForm, _ request: PageRequest) async throws -> Reply? {
        guard let caller = try await viewers.authentication.caller(of: request.request) else { return nil }
        if viewers.authentication.isGenuine(form["csrf"], of: caller) { return nil }
        try Self.checkOrigin(of: request)
        guard form["csrf"] != nil, let signedIn = try await viewers.current(request) else {
            try viewers.authentication.checkForgery(form["csrf"], by: caller)
            return nil
        }
        let page = AgainPage(
            path: posted.path, action: posted.action,
            fields: posted.fields.compactMap { name in form[name].map { .init(name: name, value: $0) } },
            email: signedIn.profile.email)
        return try templates.reply(
            "sign-in/again", title: posted.action, visitor: nil, signedIn: signedIn, page, status: .forbidden
        ).withoutReferrer
    }
}
