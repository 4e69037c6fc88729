import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Where the link leads that a new server prints: the first account, and the first organization. Its address is the
/// secret: it is told to nobody, and nothing is changed by looking.
struct SetUpForm: Sendable {
    let setUp: SetUp
    let viewers: Viewers
    let templates: PageTemplates

    var pages: [WebPage] { [.open(.get, "/set-up", show), .open(.post, "/set-up", carryOut)] }

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        let token = request.query["token"] ?? ""
        return try await whileOpen(token, request) { try reply(SetUpPage(token: token)) }
    }

    @Sendable private func carryOut(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        let token = form["token"] ?? ""
        var page = SetUpPage(form, token: token)
        return try await whileOpen(token, request) {
            guard let founder = page.founder else { return try reply(page, status: .unprocessableContent) }
            do {
                return viewers.redirect(try await setUp(token, by: founder, from: request.client), next: nil)
                    .withoutReferrer
            } catch JoiningError.accountExists {
                page.emailError = "There is an account with this address. Use another one."
            } catch let weakness as PasswordWeakness {
                page.passwordError = weakness.advice
            }
            return try reply(page, status: .unprocessableContent)
        }
    }

    /// Says what to do when the link has ended, before the form is shown or while it was filled in.
    private func whileOpen(
        _ token: String, _ request: PageRequest, _ work: () async throws -> Reply
    ) async throws -> Reply {
        do {
            try await setUp.check(token, from: request.client)
            return try await work()
        } catch JoiningError.invitationGone {
            return try reply(
                SetUpPage(
                    gone: "It was used, a day has passed, or the server was started again. If this server is set up, "
                        + "sign in; otherwise restart it and open the link that it prints then.",
                    heading: "This set-up link does not work any more"), status: .notFound)
        } catch let limit as RateLimitReached {
            return try reply(
                SetUpPage(gone: limit.wait.retryHint, heading: "Too many attempts"), status: .tooManyRequests
            ).retry(after: limit.wait)
        }
    }

    private func reply(_ page: SetUpPage, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply("joining/set-up", title: page.heading, visitor: nil, page, status: status).withoutReferrer
    }
}
