import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// Signing in by password or by a mailed link, and out.
extension PageRoutes {
    func addSigningIn(to router: Router<AppContext>) {
        router.get("/sign-in", use: signInForm)
        router.post("/sign-in", use: signIn)
        router.post("/sign-in/mail", use: mailLink)
        router.get("/sign-in/link", use: linkForm)
        router.post("/sign-in/link", use: useLink)
        router.get("/sign-in/code", use: codeForm)
        router.post("/sign-in/code", use: showCode)
        router.post("/sign-out", use: signOut)
    }

    @Sendable private func signInForm(_ request: Request, _ context: AppContext) async throws -> Response {
        let query = PageQuery(request)
        let next = query.next
        if try await currentUser(request, context) != nil { return Reply.redirect(to: next).response }
        let isLate = query["late"] != nil
        let advice = query["error"].flatMap(OpenIDAdvice.init)
        return try reply(
            signInPage(
                next: next,
                error: isLate ? "That took more than ten minutes. Sign in once more." : advice?.sentence)
        ).response
    }

    @Sendable private func signIn(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        let (email, next) = (form["email"] ?? "", form["next"] ?? "/week")
        do {
            let pass = try await services.identity.signIn.signIn(
                email: email, password: form["password"] ?? "", through: .browser, from: origin(of: request, context))
            return redirectAfterSignIn(pass, next: next).response
        } catch SignInError.wrongCredentials {
            return try reply(
                signInPage(
                    next: next, email: email,
                    error: "The address or the password is not right. Check both and try again."),
                status: .unprocessableContent
            ).response
        } catch SignInError.tooManyAttempts(let wait) {
            return try tooMany(wait, next: next, email: email).response
        }
    }

    @Sendable private func mailLink(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        let (typed, next) = (form["email"] ?? "", form["next"] ?? "/week")
        guard let email = try? EmailAddress(typed) else {
            return try reply(
                signInPage(
                    next: next, email: typed,
                    emailError: "Enter your address here, such as ada@example.org, and we mail you a link."),
                status: .unprocessableContent
            ).response
        }
        do {
            try await services.identity.links.send(
                to: email, next: SignInPage.isOurs(next) ? next : nil, from: origin(of: request, context))
        } catch SignInError.tooManyAttempts(let wait) {
            return try tooMany(wait, next: next, email: typed).response
        }
        return try templates.reply(
            "mail-sent", title: "Look into your mail", visitor: nil,
            MailSentPage(
                email: email.text, text: "If there is an account for", end: ", a mail is on its way.",
                hint: "The link in it signs you in once, within the next 15 minutes.", backHref: "/sign-in",
                backLabel: "Back to sign-in", hasDemoMails: hasDemoMails)
        ).response
    }

    @Sendable private func signOut(_ request: Request, _ context: AppContext) async throws -> Response {
        var next: String?
        if let caller = try? await authentication.caller(of: request) {
            let form = try await Form(request)
            if let again = try await askAgain(form, Question.signOut, request, context, by: caller) { return again }
            try await services.identity.signIn.signOut(caller.principal)
            next = form["next"].flatMap { SignInPage.isOurs($0) ? $0 : nil }
        }
        return Reply.redirect(to: next ?? "/sign-in", headers: [.setCookie: authentication.endedCookie]).response
    }

    private func signInPage(
        next: String, email: String? = nil, error: String? = nil, emailError: String? = nil
    ) -> SignInPage {
        SignInPage(
            next: next, email: email, error: error, emailError: emailError, issuers: services.openID.issuers,
            canSignUp: services.identity.joining.isOpen, accounts: demoAccounts, hasDemoMails: hasDemoMails)
    }

    private func reply(_ page: SignInPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("sign-in", title: "Sign in", visitor: nil, page, status: status)
    }

    private func tooMany(_ wait: Duration, next: String, email: String) throws -> Reply {
        try reply(
            signInPage(next: next, email: email, error: wait.retryHint),
            status: .tooManyRequests
        ).retry(after: wait)
    }
}

/// What is shown when a mail is on its way, or would be if the address were known.
struct MailSentPage: Sendable {
    let email: String
    /// Around the address.
    let text: String, end: String
    let hint: String
    let backHref: String, backLabel: String
    let hasDemoMails: Bool
}
