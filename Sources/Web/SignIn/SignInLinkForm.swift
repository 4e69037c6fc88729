import Access
import HTTP
import HTTPTypes
import HummingbirdCore
import Identity

/// Where a mailed link leads. Programs that look into mails open every address, so only a button uses the link up.
struct SignInLinkForm: Sendable {
    let links: SignInLinks
    let viewers: Viewers
    let templates: PageTemplates

    var pages: [WebPage] { [.open(.get, "/sign-in/link", show), .open(.post, "/sign-in/link", use)] }

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        guard let token = request.request.uri.queryParameters["token"], !token.isEmpty else {
            return try linkPage(token: nil, error: Problem(SignInError.linkGone).detail, status: .notFound)
        }
        return try linkPage(token: String(token), error: nil)
    }

    @Sendable private func use(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        do {
            let (issued, next) = try await links.use(
                form["token"] ?? "", from: request.client)
            return viewers.redirect(issued, next: next).withoutReferrer
        } catch SignInError.linkGone {
            return try linkPage(token: nil, error: Problem(SignInError.linkGone).detail, status: .notFound)
        } catch let limit as RateLimitReached {
            return try linkPage(token: nil, error: limit.wait.retryHint, status: .tooManyRequests)
                .retry(after: limit.wait)
        }
    }

    private struct LinkPage: Sendable {
        let token: String?
        let error: String?
    }

    private func linkPage(token: String?, error: String?, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply(
            "sign-in/sign-in-link", title: "Sign in", visitor: nil, LinkPage(token: token, error: error), status: status
        ).withoutReferrer
    }
}
