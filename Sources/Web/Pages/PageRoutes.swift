import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Logging
import Sessions
import Values

/// The web app's pages. They read what the API reads, and what they change goes through the API, but for signing in
/// and out, which work before any script does.
struct PageRoutes: Sendable {
    let services: WebServer.Services
    let authentication: Authentication
    let templates: PageTemplates
    let assets: Assets
    let clock: any WallClock
    /// Offered on the sign-in page of a demo.
    let demoAccounts: [SignInPage.Account]
    /// Whether the sign-in page leads to the demo's mails.
    let hasDemoMails: Bool
    /// What keys can be for, by the role of who makes one.
    let scopes: @Sendable (Role) -> [String]

    func add(to router: Router<AppContext>) {
        router.get("/assets/{version}/{file}") { _, context in
            try assets.reply(
                to: context.parameters.get("file") ?? "", version: context.parameters.get("version") ?? ""
            ).response
        }
        router.get("/branding/{organization}/{file}") { _, context in
            try await BrandSheet(branding: services.branding).reply(
                organization: context.parameters.get("organization") ?? "", file: context.parameters.get("file") ?? ""
            ).response
        }
        router.get("/") { _, _ in Reply.redirect(to: "/week").response }
        addSigningIn(to: router)
        addJoining(to: router)
        router.get("/form-token", use: formToken)
        router.post("/organization/switch", use: switchOrganization)
        page("/week", on: router, week)
        page("/book", on: router, book)
        page("/sessions", on: router, sessions)
        page("/sessions/{id}", on: router, session)
        page("/settings", on: router, settings)
        page("/organization", on: router, generalSettings)
        page("/organization/members", on: router, members)
        page("/organization/groups", on: router, groups)
        page("/organization/branding", on: router, branding)
        personalPage("/settings/security", on: router, security)
        page("/organization/providers", on: router, providers)
        page("/organization/audit", on: router, audit)
        personalPage("/platform", on: router, platform)
    }

    // MARK: Pages

    private func week(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        let time = LocalTime(visitor.profile.timeZone)
        let wanted = PageQuery(request)["from"].flatMap(time.day(from:)) ?? clock.now
        let week = WeekPage.range(around: wanted, time)
        var filter = SessionFilter()
        filter.role = visitor.part
        filter.endingAfter = week.start
        filter.to = week.end
        let found = try await services.sessions.sessions(filter, after: nil, limit: 200, as: visitor.actor)
        let page = WeekPage(week, sessions: found.items, visitor: visitor, now: clock.now)
        return try templates.reply("week", title: page.rangeLabel, visitor: visitor, page)
    }

    private func book(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.canBook else { throw AccessError.forbidden }
        let providers = try await services.sessions.providers(as: visitor.actor)
        let own = try await services.identity.preferences.preferences(of: visitor.actor.person)
        let page = try BookPage(providers: providers, preferred: own.preferredProvider, visitor: visitor)
        return try templates.reply("book", title: "Book a session", visitor: visitor, page)
    }

    private func sessions(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        let query = PageQuery(request)
        var filter = SessionFilter()
        filter.role = visitor.role == .student || visitor.role == .mentor ? visitor.role : nil
        filter.statuses = query["status"].flatMap(SessionStatus.init).map { [$0] } ?? []
        filter.kind = query["kind"].flatMap(SessionKind.init)
        filter.newestFirst = true
        let page = try await services.sessions.sessions(
            filter, after: query.cursor, limit: 30, as: visitor.actor)
        return try templates.reply(
            "sessions", title: "Sessions", visitor: visitor,
            SessionsPage(page, filter: filter, visitor: visitor, now: clock.now))
    }

    private func session(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard let id = context.parameters.get("id").flatMap({ SessionID($0) }) else { throw Problem.notFound }
        let session = try await services.sessions.session(id, as: visitor.actor)
        return try templates.reply(
            "session", title: session.title.isolated, visitor: visitor,
            SessionPage(session, visitor: visitor, now: clock.now))
    }

    // MARK: What every page does first

    private func page(
        _ path: RouterPath, on router: Router<AppContext>,
        _ render: @escaping @Sendable (Request, AppContext, Visitor) async throws -> Reply
    ) {
        personalPage(path, on: router) { request, context, signedIn, visitor in
            guard let visitor else { return try noOrganization(signedIn) }
            return try await render(request, context, visitor)
        }
    }

    /// One that concerns the person, and is there for those without any organization too.
    private func personalPage(
        _ path: RouterPath, on router: Router<AppContext>,
        _ render: @escaping @Sendable (Request, AppContext, SignedIn, Visitor?) async throws -> Reply
    ) {
        router.get(path) { request, context in
            var signedIn: SignedIn?
            var visitor: Visitor?
            do {
                let person = try await SignedIn.find(in: request, context, services, authentication)
                signedIn = person
                // That somebody was here matters less than what they came for.
                try? await services.identity.ownSignIns.touch(as: person.person)
                visitor = try await Visitor.find(person, choosing: chosenOrganization(in: request), services: services)
                return try await render(request, context, person, visitor).response
            } catch {
                return try refusal(error, request, context, signedIn, visitor).response
            }
        }
    }

    private func noOrganization(_ signedIn: SignedIn) throws -> Reply {
        try templates.reply(
            "no-organization", title: "No organization", visitor: nil, signedIn: signedIn,
            NoOrganizationPage(email: signedIn.profile.email), status: .forbidden)
    }

    private func refusal(
        _ error: any Error, _ request: Request, _ context: AppContext, _ signedIn: SignedIn?, _ visitor: Visitor?
    ) throws -> Reply {
        let problem = Problem(error)
        if problem.status == .unauthorized {
            let needsSecondFactor = error as? AccessError == .secondFactorRequired
            return .redirect(to: (needsSecondFactor ? "/sign-in/code" : "/sign-in").with("next", request.uri.string))
        }
        if let cause = problem.cause {
            context.logger.error("page failed", metadata: ["error": "\(cause)", "type": "\(type(of: cause))"])
        }
        let id = context.logger[metadataKey: "request_id"].map { "\($0)" }
        return try templates.refusal(ErrorPage(problem, requestID: id), visitor: visitor, signedIn: signedIn)
    }
}

/// For somebody whose account is in no organization, as that of a platform admin may be.
private struct NoOrganizationPage: Sendable {
    let email: String
}
