import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Values

// What the forms of signing in and joining share, which work before any script does.

extension Viewers {
    /// Where somebody goes who has just proved who they are: on, or to the second step.
    func redirect(
        _ issued: SignInService.IssuedTokens, next: String?, choosing cookie: String? = nil
    ) -> Reply {
        let next = SignInPage.next(next)
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
