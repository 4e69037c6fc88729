import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

/// Where an invitation's link leads. Its address is the secret: it is told to nobody, and nothing is changed by looking.
extension PageRoutes {
    @Sendable func invitation(_ request: Request, _ context: AppContext) async throws -> Response {
        let token = PageQuery(request)["token"] ?? ""
        return try await invitationPage(token, request, context).response
    }

    /// With a new account.
    @Sendable func acceptAsNew(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        let token = form["token"] ?? ""
        var entries = InvitationPage.Entries(name: form["name"] ?? "")
        let password = form["password"] ?? ""
        let zone = form["timeZone"].flatMap { ZoneName.isKnown($0) ? ZoneName.ofToday($0) : nil } ?? "UTC"
        let name = try? Line(entries.name)
        if name == nil || Schema.flaw(inLine: entries.name, of: 1...200) != nil {
            entries.nameError = "Enter your name in one line, with at most 200 characters."
        }
        if password.isEmpty { entries.passwordError = "Choose a password." }
        guard let name, entries.areRight else {
            return try await invitationPage(token, request, context, entries, status: .unprocessableContent).response
        }
        do {
            let offer = try await services.identity.joining.offer(for: token, from: origin(of: request, context))
            let pass = try await services.identity.joining.accept(
                token, asNew: Joining.NewAccount(name: name.text, password: password, timeZone: zone),
                from: origin(of: request, context))
            return redirectAfterSignIn(pass, next: nil, choosing: offer.organizationId.map(cookie(choosing:)))
                .withoutReferrer.response
        } catch {
            guard let weakness = error as? PasswordWeakness else {
                return try await refusal(error, token, request, context).response
            }
            entries.passwordError = weakness.advice
            return try await invitationPage(token, request, context, entries, status: .unprocessableContent).response
        }
    }

    /// With the account that is signed in.
    @Sendable func accept(_ request: Request, _ context: AppContext) async throws -> Response {
        let form = try await Form(request)
        let token = form["token"] ?? ""
        guard let caller = try await authentication.caller(of: request), caller.isFromPage else {
            return Reply.redirect(to: "/invitation".with("token", token)).withoutReferrer.response
        }
        if let again = try await askAgain(form, Question.accepting, request, context, by: caller) {
            return again
        }
        do {
            let offer = try await services.identity.joining.offer(for: token, from: origin(of: request, context))
            try await services.identity.joining.accept(token, as: Person(caller.principal, address: context.address))
            var reply = Reply.redirect(to: "/week").withoutReferrer
            reply.headers[.setCookie] = offer.organizationId.map(cookie(choosing:))
            return reply.response
        } catch {
            return try await refusal(error, token, request, context).response
        }
    }

    /// The page says what to do about these; whatever else went wrong is said as on every page.
    private func refusal(
        _ error: any Error, _ token: String, _ request: Request, _ context: AppContext
    ) async throws -> Reply {
        switch error {
        case JoiningError.invitationGone, JoiningError.accountExists, JoiningError.forAnother, AccessError.signedOut,
            AccessError.secondFactorRequired, SignInError.tooManyAttempts:
            try await invitationPage(token, request, context, status: .conflict)
        default: throw error
        }
    }

    private func invitationPage(
        _ token: String, _ request: Request, _ context: AppContext, _ entries: InvitationPage.Entries = .init(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Reply {
        func reply(_ page: InvitationPage, _ title: String, _ status: HTTPResponse.Status) throws -> Reply {
            try templates.reply("invitation", title: title, visitor: nil, page, status: status).withoutReferrer
        }
        do {
            let offer = try await services.identity.joining.offer(for: token, from: origin(of: request, context))
            let page = InvitationPage(
                offer, token: token, entries: entries, issuers: services.openID.issuers,
                signedIn: try await currentUser(request, context))
            return try reply(page, page.heading, status)
        } catch {
            switch error {
            case JoiningError.invitationGone:
                let problem = Problem(error)
                return try reply(
                    InvitationPage(gone: problem.detail, heading: problem.title), "Invitation", .notFound)
            case SignInError.tooManyAttempts(let wait):
                return try reply(
                    InvitationPage(gone: wait.retryHint, heading: "Too many attempts"), "Invitation", .tooManyRequests
                ).retry(after: wait)
            default: throw error
            }
        }
    }
}
