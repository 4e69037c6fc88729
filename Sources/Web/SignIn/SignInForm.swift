import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Signing in by password or by a mailed link, and out.
struct SignInForm: Sendable {
    let service: SignInService
    let links: SignInLinks
    let issuers: [OpenIDIssuer]
    let canSignUp: Bool
    /// `nil` on a server that is no demo.
    let demo: DemoOffer?
    let viewers: Viewers
    let formTokens: FormTokens
    let templates: PageTemplates

    var pages: [WebPage] {
        [
            .open(.get, "/sign-in", show), .open(.post, "/sign-in", signIn),
            .open(.post, "/sign-in/mail", mailLink), .open(.post, Self.signingOut.path, checksSignIn: true, signOut),
        ] + (demo.map { demo in [.open(.post, "/sign-in/demo") { try await signIn($0, to: demo) }] } ?? [])
    }

    private static let signingOut = PostedForm(path: "/sign-out", action: "Sign out", fields: ["next"])

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        let query = request.query
        let next = query.next
        if try await viewers.current(request) != nil { return .redirect(to: next) }
        let isLate = query["late"] != nil
        let advice = query["error"].flatMap(OpenIDAdvice.init)
        return try reply(
            signInPage(
                next: next,
                error: isLate ? "That took more than ten minutes. Sign in once more." : advice?.sentence)
        )
    }

    @Sendable private func signIn(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        let (email, next) = (form["email"] ?? "", SignInPage.next(form["next"]))
        do {
            let issued = try await service.signIn(
                email: email, password: form["password"] ?? "", through: .browser, from: request.client)
            return viewers.redirect(issued, next: next)
        } catch SignInError.wrongCredentials {
            return try reply(
                signInPage(
                    next: next, email: email,
                    error: "The address or the password is not right. Check both and try again."),
                status: .unprocessableContent
            )
        } catch let limit as RateLimitReached {
            return try tooMany(limit.wait, next: next, email: email)
        }
    }

    /// With an account that the demo offers, and its password, which everybody may know. Who has changed it keeps others
    /// out.
    private func signIn(_ request: PageRequest, to demo: DemoOffer) async throws -> Reply {
        let form = try await request.form()
        let (email, next) = (form["email"] ?? "", SignInPage.next(form["next"]))
        guard let account = demo.accounts.first(where: { $0.email == email }) else {
            return try reply(
                signInPage(next: next, error: "That is no account of this demo. Choose another one."),
                status: .unprocessableContent)
        }
        do {
            let issued = try await service.signIn(
                email: account.email, password: account.password, through: .browser, from: request.client)
            return viewers.redirect(issued, next: next)
        } catch SignInError.wrongCredentials {
            return try reply(
                signInPage(
                    next: next, email: account.email,
                    error: "Somebody has changed this account’s password. Enter it, or choose another account."),
                status: .unprocessableContent)
        } catch let limit as RateLimitReached {
            return try tooMany(limit.wait, next: next, email: account.email)
        }
    }

    @Sendable private func mailLink(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        let (typed, next) = (form["email"] ?? "", SignInPage.next(form["next"]))
        guard links.areOffered else {
            let problem = Problem(AccountMailerError.noMailServer)
            return try reply(
                signInPage(next: next, email: typed, error: problem.detail), status: problem.status)
        }
        guard let email = try? EmailAddress(typed) else {
            return try reply(
                signInPage(
                    next: next, email: typed,
                    emailError: "Enter your address here, such as ada@example.org, and we’ll email you a link."),
                status: .unprocessableContent
            )
        }
        do {
            try await links.send(
                to: email, next: next, from: request.client)
        } catch let limit as RateLimitReached {
            return try tooMany(limit.wait, next: next, email: typed)
        }
        return try templates.reply(
            "sign-in/mail-sent", title: "Check your email", visitor: nil,
            MailSentPage(
                email: email.text, text: "If there is an account for", end: ", an email is on its way.",
                hint: "The link in it signs you in once, within the next 15 minutes.", backHref: "/sign-in",
                backLabel: "Back to sign-in", hasDemoMails: demo?.hasMails ?? false)
        )
    }

    @Sendable private func signOut(_ request: PageRequest) async throws -> Reply {
        var next: String?
        if let caller = try? await viewers.authentication.caller(of: request.request) {
            let form = try await request.form()
            if let again = try await formTokens.askAgain(form, Self.signingOut, request) { return again }
            try await service.signOut(caller.principal)
            next = form["next"].flatMap { SignInPage.isOurs($0) ? $0 : nil }
        }
        return .redirect(to: next ?? "/sign-in", headers: [.setCookie: viewers.authentication.endedCookie])
    }

    private func signInPage(
        next: String, email: String? = nil, error: String? = nil, emailError: String? = nil
    ) -> SignInPage {
        SignInPage(
            next: next, email: email, error: error, emailError: emailError, mailsLinks: links.areOffered,
            issuers: issuers, canSignUp: canSignUp, demo: demo)
    }

    private func reply(_ page: SignInPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("sign-in/sign-in", title: "Sign in", visitor: nil, page, status: status)
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
