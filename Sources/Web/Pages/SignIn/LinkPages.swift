import HTTP
import HTTPTypes
import Hummingbird
import Identity

/// Where a mailed link leads. Programs that look into mails open every address, so only a button uses the link up.
extension PageRoutes {
    @Sendable func linkForm(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let token = request.uri.queryParameters["token"], !token.isEmpty else {
            return try linkPage(token: nil, error: Problem(SignInError.linkGone).detail, status: .notFound).response
        }
        return try linkPage(token: String(token), error: nil).response
    }

    @Sendable func useLink(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        do {
            let (pass, next) = try await services.identity.links.use(
                form["token"] ?? "", from: origin(of: request, context))
            return redirectAfterSignIn(pass, next: next).withoutReferrer.response
        } catch SignInError.linkGone {
            return try linkPage(token: nil, error: Problem(SignInError.linkGone).detail, status: .notFound).response
        } catch SignInError.tooManyAttempts(let wait) {
            return try linkPage(token: nil, error: wait.retryHint, status: .tooManyRequests)
                .retry(after: wait).response
        }
    }

    private struct LinkPage: Sendable {
        let token: String?
        let error: String?
    }

    private func linkPage(token: String?, error: String?, status: HTTPResponse.Status = .ok) throws -> Reply {
        try templates.reply(
            "sign-in-link", title: "Sign in", visitor: nil, LinkPage(token: token, error: error), status: status
        ).withoutReferrer
    }
}
