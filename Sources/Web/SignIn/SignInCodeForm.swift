import Access
import HTTP
import HTTPTypes
import Identity

/// The second step of signing in, for those who have switched it on.
struct SignInCodeForm: Sendable {
    let service: SignInService
    let viewers: Viewers
    let templates: PageTemplates

    var pages: [WebPage] {
        [
            .open(.get, "/sign-in/code", checksSignIn: true, show),
            .open(.post, "/sign-in/code", checksSignIn: true, submit),
        ]
    }

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

    @Sendable private func show(_ request: PageRequest) async throws -> Reply {
        let query = request.query
        let next = query.next
        guard let caller = try await viewers.authentication.caller(of: request.request), caller.isFromPage else {
            return .redirect(to: "/sign-in".with("next", next))
        }
        let question = CodeQuestion(caller: caller, next: next, isRecovery: query["recovery"] != nil)
        return try await elsewhere(for: question, request) ?? codePage(question)
    }

    @Sendable private func submit(_ request: PageRequest) async throws -> Reply {
        let form = try await request.form()
        let next = SignInPage.next(form["next"])
        guard let caller = try await viewers.authentication.caller(of: request.request), caller.isFromPage else {
            return late(next: next)
        }
        let question = CodeQuestion(caller: caller, next: next, isRecovery: form["recovery"] != nil)
        // Before a code is used up for nothing.
        if let elsewhere = try await elsewhere(for: question, request) { return elsewhere }
        guard viewers.authentication.isGenuine(form["csrf"], of: caller) else {
            return try codePage(
                question, error: "You have signed in again since this page was loaded. Enter the code once more.",
                status: .forbidden
            )
        }
        do {
            try await service.complete(caller.principal, with: form["code"] ?? "")
            return .redirect(to: next)
        } catch SignInError.wrongCode {
            let advice =
                question.isRecovery
                ? "This is no recovery code of yours, or it was used before."
                : "This is not the code that the app shows now, or it was used before."
            return try codePage(question, error: advice, status: .unprocessableContent)
        } catch let limit as RateLimitReached {
            return try codePage(question, error: limit.wait.retryHint, status: .tooManyRequests)
                .retry(after: limit.wait)
        } catch AccessError.signedOut {
            return late(next: next)
        }
    }

    /// Where else they have to go: nowhere while the second step is owed.
    private func elsewhere(for question: CodeQuestion, _ request: PageRequest) async throws -> Reply? {
        do {
            // Whoever may read this is in already.
            _ = try await viewers.profiles.of(Person(question.caller.principal, address: request.context.address))
            return .redirect(to: question.next)
        } catch AccessError.secondFactorRequired {
            return nil
        } catch AccessError.signedOut {
            return late(next: question.next)
        }
    }

    /// Back to the beginning, for who took too long.
    private func late(next: String) -> Reply {
        .redirect(to: "/sign-in?late=1".with("next", next), headers: [.setCookie: viewers.authentication.endedCookie])
    }

    private func codePage(
        _ question: CodeQuestion, error: String? = nil, status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        let here = "/sign-in/code".with("next", question.next)
        return try templates.reply(
            "sign-in/sign-in-code", title: "One more step", visitor: nil,
            CodePage(
                next: question.next, isRecovery: question.isRecovery,
                otherHref: question.isRecovery ? here : here + "&recovery=1",
                csrf: viewers.tokens.formToken(for: question.caller.principal.signIn), error: error),
            status: status)
    }
}
