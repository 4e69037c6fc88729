import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

// What the pages share that anybody may open, and whose forms work before any script does.

extension PageRoutes {
    /// There is no cookie yet that a form token could belong to; browsers say where a form was sent from.
    static func checkOrigin(of request: Request) throws {
        guard let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!] else { return }
        guard ["same-origin", "none"].contains(site) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Open the page here and try again.")
        }
    }

    func origin(of request: Request, _ context: AppContext) -> ClientInfo {
        ClientInfo(address: context.address, agent: request.headers[.userAgent])
    }

    /// Anyone who has signed in wholly; `nil` for everybody else.
    func currentUser(_ request: Request, _ context: AppContext) async throws -> SignedIn? {
        do {
            return try await SignedIn.find(in: request, context, services, authentication)
        } catch {
            if error is AccessError || error is Problem { return nil }
            throw error
        }
    }

    /// Where somebody goes who has just proved who they are: on, or to the second step.
    func redirectAfterSignIn(_ issued: SignInService.IssuedTokens, next: String?, choosing cookie: String? = nil)
        -> Reply
    {
        let next = next.flatMap { SignInPage.isOurs($0) ? $0 : nil } ?? "/week"
        var reply = Reply.redirect(to: issued.needsSecondFactor ? "/sign-in/code".with("next", next) : next)
        reply.headers[values: .setCookie] = [authentication.cookie(issued)] + [cookie].compactMap(\.self)
        return reply
    }
}

extension Duration {
    /// What somebody is told who has tried too often.
    var retryHint: String {
        let seconds = max(1, wholeSeconds)
        let minutes = (seconds + 59) / 60
        let wait = seconds < 100 ? "\(seconds) second\(seconds == 1 ? "" : "s")" : "\(minutes) minutes"
        return "That was tried too often just now. Try again in \(wait)."
    }
}

extension Reply {
    /// For pages whose address holds a secret. (With `no-referrer` browsers would also say `Origin: null` of their
    /// forms, as they do of another site's.)
    var withoutReferrer: Reply {
        var reply = self
        reply.headers[HTTPField.Name("Referrer-Policy")!] = "strict-origin"
        return reply
    }

    func retry(after wait: Duration) -> Reply {
        var reply = self
        reply.headers[.retryAfter] = String(max(1, wait.wholeSeconds))
        return reply
    }
}

extension String {
    /// An address with one more parameter.
    func with(_ name: String, _ value: String) -> String {
        let escaped = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "\(self)\(contains("?") ? "&" : "?")\(name)=\(escaped)"
    }
}
