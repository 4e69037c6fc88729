import HTTPTypes
import Hummingbird
import Identity
import Values

/// Finds out whose request it is: by bearer token for programs, by cookie for pages.
struct Authentication: Sendable {
    static let cookieName = "convene"
    static let formTokenField = HTTPField.Name("X-CSRF-Token")!

    let tokens: Tokens
    /// Whether browsers reach us by https, so that the cookie may be kept to it.
    let isSecure: Bool

    struct Caller: Sendable {
        let holder: Tokens.Holder
        let isFromPage: Bool
    }

    /// - Throws: a 401 problem for a token that does not hold; none at all is `nil`.
    func caller(of request: Request) async throws -> Caller? {
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let holder = await tokens.holder(of: String(parts[1]), from: .program)
            else { throw Problem.notSignedIn }
            return Caller(holder: holder, isFromPage: false)
        }
        guard let cookie = request.cookies[Self.cookieName],
            let holder = await tokens.holder(of: cookie.value, from: .browser)
        else { return nil }
        return Caller(holder: holder, isFromPage: true)
    }

    /// Whose browser this is, where anyone may call; for `GET`s that people are sent to from elsewhere.
    func holder(inCookiesOf headers: HTTPFields) async -> Tokens.Holder? {
        guard let cookie = Cookies(from: headers[values: .cookie])[Self.cookieName] else { return nil }
        return await tokens.holder(of: cookie.value, from: .browser)
    }

    /// A cookie comes along from wherever the request was made, so what changes something must also show what only
    /// our own pages know.
    func checkForgery(_ formToken: String?, by caller: Caller) throws {
        guard caller.isFromPage else { return }
        guard let formToken, tokens.isFormToken(formToken, for: caller.holder.signIn) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Reload the page and try again.")
        }
    }

    func cookie(_ pass: SignInDesk.Pass) -> String { cookie(pass.token, maxAge: pass.lifetime) }

    var endedCookie: String { cookie("", maxAge: .zero) }

    private func cookie(_ value: String, maxAge: Duration) -> String {
        "\(Self.cookieName)=\(value); Path=/; Max-Age=\(maxAge.wholeSeconds); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }
}
