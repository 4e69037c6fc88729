import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Founding an organization, where anybody may.
struct SignUpForm: Sendable {
    let joining: Joining
    let demo: DemoOffer?
    let templates: PageTemplates

    var pages: [WebPage] { [.open(.get, "/sign-up", show), .open(.post, "/sign-up", signUp)] }

    private struct SignUpPage: Sendable {
        let isOpen: Bool
        var email: String?
        var organization: String?
        var emailError: String?
        var organizationError: String?
        var error: String?
    }

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        try reply(SignUpPage(isOpen: joining.canSignUp))
    }

    @Sendable private func signUp(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        var page = SignUpPage(isOpen: joining.canSignUp)
        let (typed, named) = (form["email"] ?? "", form["organization"] ?? "")
        page.email = typed
        page.organization = named
        let (email, organization) = (try? EmailAddress(typed), try? Line(named))
        if email == nil { page.emailError = "Enter an email address, such as ada@example.org." }
        if Schema.flaw(inLine: named, of: 1...200) != nil {
            page.organizationError = "Enter its name in one line, with at most 200 characters."
        }
        guard let email, let organization, page.organizationError == nil else {
            return try reply(page, status: .unprocessableContent)
        }
        do {
            try await joining.signUp(
                email, founding: organization.text, from: request.client)
        } catch JoiningError.closed, AccountMailerError.noMailServer {
            return try reply(page, status: .forbidden)
        } catch let limit as RateLimitReached {
            page.error = limit.wait.retryHint
            return try reply(page, status: .tooManyRequests).retry(after: limit.wait)
        }
        return try templates.reply(
            "sign-in/mail-sent", title: "Check your email", visitor: nil,
            MailSentPage(
                email: email.text, text: "We sent an email to", end: ".",
                hint:
                    "The link in it leads on: you choose your name and a password, and \(organization.text.isolated) is yours.",
                backHref: "/sign-up", backLabel: "Use another address", hasDemoMails: demo?.hasMails ?? false)
        )
    }

    private func reply(_ page: SignUpPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("joining/sign-up", title: "Sign up", visitor: nil, page, status: status)
    }
}
