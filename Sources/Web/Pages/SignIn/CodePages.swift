import Access
import HTTP
import HTTPTypes
import Hummingbird
import Identity

/// The second step of signing in, for those who have switched it on.
extension PageRoutes {
    private struct CodePage: Sendable {
        let next: String
        /// By recovery code in place of the app's.
        let isRecovery: Bool
        /// To the other way.
        let otherHref: String
        let csrf: String
        let error: String?
    }

    private struct CodeQuestion {
        let caller: Authentication.Caller
        let next: String
        let isRecovery: Bool
    }

    @Sendable func codeForm(_ request: Request, _ context: AppContext) async throws -> Response {
        let query = PageQuery(request)
        let next = query.next
        guard let caller = try await authentication.caller(of: request), caller.isFromPage else {
            return Reply.redirect(to: "/sign-in".with("next", next)).response
        }
        let question = CodeQuestion(caller: caller, next: next, isRecovery: query["recovery"] != nil)
        return try await stand(of: question, context) ?? codePage(question).response
    }

    @Sendable func showCode(_ request: Request, _ context: AppContext) async throws -> Response {
        try Self.checkOrigin(of: request)
        let form = try await Form(request)
        let next = form["next"].flatMap { SignInPage.isOurs($0) ? $0 : nil } ?? "/week"
        guard let caller = try await authentication.caller(of: request), caller.isFromPage else {
            return late(next: next).response
        }
        let question = CodeQuestion(caller: caller, next: next, isRecovery: form["recovery"] != nil)
        // Before a code is used up for nothing.
        if let elsewhere = try await stand(of: question, context) { return elsewhere }
        guard authentication.isGenuine(form["csrf"], of: caller) else {
            return try codePage(
                question, error: "You have signed in again since this page was loaded. Enter the code once more.",
                status: .forbidden
            ).response
        }
        do {
            try await services.identity.signIn.complete(caller.principal, with: form["code"] ?? "")
            return Reply.redirect(to: next).response
        } catch SignInError.wrongCode {
            let advice =
                question.isRecovery
                ? "This is no recovery code of yours, or it was used before."
                : "This is not the code that the app shows now, or it was used before."
            return try codePage(question, error: advice, status: .unprocessableContent).response
        } catch SignInError.tooManyAttempts(let wait) {
            return try codePage(question, error: wait.retryHint, status: .tooManyRequests)
                .retry(after: wait).response
        } catch AccessError.signedOut {
            return late(next: next).response
        }
    }

    /// Where else they have to go: nowhere while the second step is owed.
    private func stand(of question: CodeQuestion, _ context: AppContext) async throws -> Response? {
        do {
            // Whoever may read this is in already.
            _ = try await services.identity.profiles.of(Person(question.caller.principal, address: context.address))
            return Reply.redirect(to: question.next).response
        } catch AccessError.secondFactorRequired {
            return nil
        } catch AccessError.signedOut {
            return late(next: question.next).response
        }
    }

    /// Back to the beginning, for who took too long.
    private func late(next: String) -> Reply {
        .redirect(to: "/sign-in?late=1".with("next", next), headers: [.setCookie: authentication.endedCookie])
    }

    private func codePage(
        _ question: CodeQuestion, error: String? = nil, status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        let here = "/sign-in/code".with("next", question.next)
        return try templates.reply(
            "sign-in-code", title: "One more step", visitor: nil,
            CodePage(
                next: question.next, isRecovery: question.isRecovery,
                otherHref: question.isRecovery ? here : here + "&recovery=1",
                csrf: services.identity.tokens.formToken(for: question.caller.principal.signIn), error: error),
            status: status)
    }
}
