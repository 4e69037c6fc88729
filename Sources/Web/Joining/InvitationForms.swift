import Access
import Foundation
import HTTP
import HTTPTypes
import Identity
import Values

/// Where an invitation's link leads. Its address is the secret: it is told to nobody, and nothing is changed by looking.
struct InvitationForms: Sendable {
    let joining: Joining
    let issuers: [OpenIDIssuer]
    let viewers: Viewers
    let formTokens: FormTokens
    let templates: PageTemplates

    var pages: [WebPage] {
        [
            .open(.get, "/invitation", show), .open(.post, "/invitation", acceptAsNew),
            .open(.post, Self.accepting.path, accept),
        ]
    }

    private static let accepting = PostedForm(
        path: "/invitation/accept", action: "Accept the invitation", fields: ["token"])

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        let token = request.query["token"] ?? ""
        return try await invitationPage(token, request)
    }

    /// With a new account.
    @Sendable private func acceptAsNew(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
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
            return try await invitationPage(token, request, entries, status: .unprocessableContent)
        }
        do {
            let offer = try await joining.offer(for: token, from: request.client)
            let issued = try await joining.accept(
                token, asNew: Joining.NewAccount(name: name.text, password: password, timeZone: zone),
                from: request.client)
            return viewers.redirect(issued, next: nil, choosing: offer.organizationId.map(viewers.cookie(choosing:)))
                .withoutReferrer
        } catch {
            guard let weakness = error as? PasswordWeakness else {
                return try await refusal(error, token, request)
            }
            entries.passwordError = weakness.advice
            return try await invitationPage(token, request, entries, status: .unprocessableContent)
        }
    }

    /// With the account that is signed in.
    @Sendable private func accept(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        let token = form["token"] ?? ""
        guard let caller = try await viewers.authentication.caller(of: request.request), caller.isFromPage else {
            return .redirect(to: "/invitation".with("token", token)).withoutReferrer
        }
        if let again = try await formTokens.askAgain(form, Self.accepting, request) { return again }
        do {
            let offer = try await joining.offer(for: token, from: request.client)
            try await joining.accept(token, as: Person(caller.principal, address: request.context.address))
            var reply = Reply.redirect(to: "/week").withoutReferrer
            reply.headers[.setCookie] = offer.organizationId.map(viewers.cookie(choosing:))
            return reply
        } catch {
            return try await refusal(error, token, request)
        }
    }

    /// The page says what to do about these; whatever else went wrong is said as on every page.
    private func refusal(
        _ error: any Error, _ token: String, _ request: PageRequest
    ) async throws -> Reply {
        switch error {
        case JoiningError.invitationGone, JoiningError.accountExists, JoiningError.forAnother, AccessError.signedOut,
            AccessError.secondFactorRequired, is RateLimitReached:
            try await invitationPage(token, request, status: .conflict)
        default: throw error
        }
    }

    private func invitationPage(
        _ token: String, _ request: PageRequest, _ entries: InvitationPage.Entries = .init(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Reply {
        func reply(_ page: InvitationPage, _ title: String, _ status: HTTPResponse.Status) throws -> Reply {
            try templates.reply("joining/invitation", title: title, visitor: nil, page, status: status).withoutReferrer
        }
        do {
            let offer = try await joining.offer(for: token, from: request.client)
            let page = InvitationPage(
                offer, token: token, entries: entries, issuers: issuers,
                signedIn: try await viewers.current(request))
            return try reply(page, page.heading, status)
        } catch {
            switch error {
            case JoiningError.invitationGone:
                let problem = Problem(error)
                return try reply(
                    InvitationPage(gone: problem.detail, heading: problem.title), "Invitation", .notFound)
            case let limit as RateLimitReached:
                let page = InvitationPage(gone: limit.wait.retryHint, heading: "Too many attempts")
                return try reply(page, "Invitation", .tooManyRequests).retry(after: limit.wait)
            default: throw error
            }
        }
    }
}
