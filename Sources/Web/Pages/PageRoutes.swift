import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Logging
import Sessions
import Values

/// The web app's pages. They read what the API reads, and what they change goes through the API, but for signing in
/// and out, which work before any script does.
struct PageRoutes: Sendable {
    let desks: WebServer.Desks
    let authentication: Authentication
    let templates: PageTemplates
    let assets: Assets
    let clock: any WallClock
    /// Offered on the sign-in page of a demo.
    let demoAccounts: [SignInPage.Account]
    /// Whether the sign-in page leads to the demo's mails.
    let hasDemoMails: Bool

    func add(to router: Router<AppContext>) {
        router.get("/assets/{version}/{file}") { _, context in
            try assets.reply(
                to: context.parameters.get("file") ?? "", version: context.parameters.get("version") ?? ""
            ).response
        }
        router.get("/branding/{organization}/{file}") { _, context in
            try await BrandSheet(branding: desks.identity.branding).reply(
                organization: context.parameters.get("organization") ?? "", file: context.parameters.get("file") ?? ""
            ).response
        }
        router.get("/") { _, _ in Reply.redirect(to: "/week").response }
        router.get("/sign-in", use: signInForm)
        router.post("/sign-in", use: signIn)
        router.post("/sign-out", use: signOut)
        page("/week", on: router, week)
        page("/book", on: router, book)
        page("/sessions", on: router, sessions)
        page("/sessions/{id}", on: router, session)
        page("/settings", on: router, settings)
        page("/organization", on: router, generalSettings)
        page("/organization/members", on: router, members)
        page("/organization/groups", on: router, groups)
        page("/organization/branding", on: router, branding)
        page("/organization/providers", on: router, providers)
        page("/organization/audit", on: router, audit)
        router.get("/platform", use: platform)
    }

    // MARK: Pages

    private func week(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        let time = LocalTime(visitor.profile.timeZone)
        let wanted = request.uri.queryParameters["from"].flatMap { time.day(from: String($0)) } ?? clock.now
        let week = WeekPage.range(around: wanted, time)
        var filter = SessionFilter()
        filter.role = visitor.part
        filter.from = week.start
        filter.to = week.end
        let found = try await desks.sessions.sessions(filter, after: nil, limit: 200, as: visitor.actor)
        let page = WeekPage(week, sessions: found.items, visitor: visitor, now: clock.now)
        return try templates.reply("week", title: page.rangeLabel, visitor: visitor, page)
    }

    private func book(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.canBook else { throw AccessError.forbidden }
        let providers = try await desks.sessions.providers(as: visitor.actor)
        let page = try BookPage(providers: providers, visitor: visitor)
        return try templates.reply("book", title: "Book a session", visitor: visitor, page)
    }

    private func sessions(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        func chosen(_ name: Substring) -> String? { request.uri.queryParameters[name].map(String.init) }
        var filter = SessionFilter()
        filter.role = visitor.role == .student || visitor.role == .mentor ? visitor.role : nil
        filter.statuses = chosen("status").flatMap(SessionStatus.init).map { [$0] } ?? []
        filter.kind = chosen("kind").flatMap(SessionKind.init)
        filter.newestFirst = true
        let page = try await desks.sessions.sessions(
            filter, after: chosen("cursor").flatMap(Cursor.init), limit: 30, as: visitor.actor)
        return try templates.reply(
            "sessions", title: "Sessions", visitor: visitor, SessionsPage(page, filter: filter, visitor: visitor))
    }

    private func session(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard let id = context.parameters.get("id").flatMap({ SessionID($0) }) else { throw Problem.notFound }
        let session = try await desks.sessions.session(id, as: visitor.actor)
        return try templates.reply(
            "session", title: session.title, visitor: visitor, SessionPage(session, visitor: visitor))
    }

    // MARK: Signing in and out

    @Sendable private func signInForm(_ request: Request, _ context: AppContext) async throws -> Response {
        let next = request.uri.queryParameters["next"].map(String.init) ?? "/week"
        let advice = request.uri.queryParameters["error"].flatMap { OpenIDAdvice(rawValue: String($0)) }
        return try signInPage(
            SignInPage(
                next: next, error: advice?.sentence, issuers: desks.openID.issuers, accounts: demoAccounts,
                hasDemoMails: hasDemoMails)
        ).response
    }

    @Sendable private func signIn(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        let (email, next) = (form["email"] ?? "", form["next"] ?? "/week")
        do {
            let pass = try await desks.identity.signIn.signIn(
                email: email, password: form["password"] ?? "", through: .browser,
                from: Origin(address: context.address, agent: request.headers[.userAgent]))
            return Reply.redirect(
                to: SignInPage.isOurs(next) ? next : "/week", headers: [.setCookie: authentication.cookie(pass)]
            ).response
        } catch SignInError.wrongCredentials {
            return try signInPage(
                SignInPage(
                    next: next, email: email,
                    error: "The address or the password is not right. Check both and try again.",
                    issuers: desks.openID.issuers, accounts: demoAccounts, hasDemoMails: hasDemoMails),
                status: .unprocessableContent
            ).response
        }
    }

    @Sendable private func signOut(_ request: Request, _ context: AppContext) async throws -> Response {
        if let caller = try? await authentication.caller(of: request) {
            let form = try await Form(request)
            try authentication.checkForgery(form["csrf"], by: caller)
            try await desks.identity.signIn.signOut(caller.holder)
        }
        return Reply.redirect(to: "/sign-in", headers: [.setCookie: authentication.endedCookie]).response
    }

    private func signInPage(_ page: SignInPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("sign-in", title: "Sign in", visitor: nil, page, status: status)
    }

    /// There is no cookie yet that a form token could belong to; browsers say where a form was sent from.
    private static func checkOrigin(of request: Request) throws {
        guard let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!] else { return }
        guard ["same-origin", "none"].contains(site) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Open the sign-in page here and try again.")
        }
    }

    // MARK: What every page does first

    private func page(
        _ path: RouterPath, on router: Router<AppContext>,
        _ render: @escaping @Sendable (Request, AppContext, Visitor) async throws -> Reply
    ) {
        router.get(path) { request, context in
            var visitor: Visitor?
            do {
                guard let caller = try await authentication.caller(of: request) else { throw Problem.notSignedIn }
                let found = try await Visitor.find(Person(caller.holder, address: context.address), desks: desks)
                visitor = found
                return try await render(request, context, found).response
            } catch {
                return try refusal(error, request, context, visitor).response
            }
        }
    }

    func refusal(
        _ error: any Error, _ request: Request, _ context: AppContext, _ visitor: Visitor?
    ) throws -> Reply {
        let problem = Problem(error)
        if problem.status == .unauthorized {
            let next = request.uri.string.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return .redirect(to: "/sign-in?next=\(next)")
        }
        if let cause = problem.cause {
            context.logger.error("page failed", metadata: ["error": "\(cause)", "type": "\(type(of: cause))"])
        }
        let id = context.logger[metadataKey: "request_id"].map { "\($0)" }
        return try templates.refusal(ErrorPage(problem, requestID: id), visitor: visitor)
    }
}
