import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// Founding an organization, where anybody may.
extension PageRoutes {
    func addJoining(to router: Router<AppContext>) {
        router.get("/sign-up", use: signUpForm)
        router.post("/sign-up", use: signUp)
        router.get("/invitation", use: invitation)
        router.post("/invitation", use: acceptAsNew)
        router.post("/invitation/accept", use: accept)
    }

    private struct SignUpPage: Sendable {
        let isOpen: Bool
        var email: String?
        var organization: String?
        var emailError: String?
        var organizationError: String?
        var error: String?
    }

    @Sendable private func signUpForm(_ request: Request, _ context: AppContext) async throws -> Response {
        try reply(SignUpPage(isOpen: services.identity.joining.isOpen)).response
    }

    @Sendable private func signUp(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        var page = SignUpPage(isOpen: services.identity.joining.isOpen)
        let (typed, named) = (form["email"] ?? "", form["organization"] ?? "")
        page.email = typed
        page.organization = named
        let (email, organization) = (try? EmailAddress(typed), try? Line(named))
        if email == nil { page.emailError = "Enter an e-mail address, such as ada@example.org." }
        if Schema.flaw(inLine: named, of: 1...200) != nil {
            page.organizationError = "Enter its name in one line, with at most 200 characters."
        }
        guard let email, let organization, page.organizationError == nil else {
            return try reply(page, status: .unprocessableContent).response
        }
        do {
            try await services.identity.joining.signUp(
                email, founding: organization.text, from: origin(of: request, context))
        } catch JoiningError.closed {
            return try reply(page, status: .forbidden).response
        } catch SignInError.tooManyAttempts(let wait) {
            page.error = wait.retryHint
            return try reply(page, status: .tooManyRequests).retry(after: wait).response
        }
        return try templates.reply(
            "mail-sent", title: "Look into your mail", visitor: nil,
            MailSentPage(
                email: email.text, text: "We have sent a mail to", end: ".",
                hint:
                    "The link in it leads on: you choose your name and a password, and \(organization.text.isolated) is yours.",
                backHref: "/sign-up", backLabel: "Use another address", hasDemoMails: hasDemoMails)
        ).response
    }

    private func reply(_ page: SignUpPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("sign-up", title: "Sign up", visitor: nil, page, status: status)
    }
}
