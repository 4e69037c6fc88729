import Access
import HTTPTypes
import Hummingbird
import Identity
import Values

/// Finds out whose request it is: by bearer token for programs, by cookie for pages.
struct Authentication: Sendable {
    /// With https the name keeps the cookie to this host and to https (RFC 6265bis, 4.1.3.2).
    var cookieName: String { isSecure ? "__Host-convene" : "convene" }
    static let formTokenField = HTTPField.Name("X-CSRF-Token")!

    let tokens: Tokens
    let keys: AccessKeys
    /// Whether browsers reach us by https, so that the cookie may be kept to it.
    let isSecure: Bool

    init(_ identity: IdentityServices, isSecure: Bool) {
        tokens = identity.tokens
        keys = identity.keys
        self.isSecure = isSecure
    }

    struct Caller: Sendable {
        let principal: Principal
        let isFromPage: Bool
        /// What the key that was shown may be used for; `nil` without a key: everything.
        var scopes: Set<String>?
    }

    /// - Throws: a 401 problem for a token that does not hold; none at all is `nil`.
    func caller(of request: Request) async throws -> Caller? {
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem.notSignedIn }
            if parts[1].hasPrefix(AccessKeys.prefix) {
                guard let key = try await keys.principal(of: String(parts[1])) else { throw Problem.notSignedIn }
                return Caller(principal: key.principal, isFromPage: false, scopes: key.scopes)
            }
            guard let principal = await tokens.principal(of: String(parts[1]), from: .program) else {
                throw Problem.notSignedIn
            }
            return Caller(principal: principal, isFromPage: false)
        }
        guard let cookie = request.cookies[cookieName],
            let principal = await tokens.principal(of: cookie.value, from: .browser)
        else { return nil }
        return Caller(principal: principal, isFromPage: true)
    }

    /// Whose browser this is, where anyone may call; for `GET`s that people are sent to from elsewhere.
    func principal(inCookiesOf headers: HTTPFields) async -> Principal? {
        guard let cookie = Cookies(from: headers[values: .cookie])[cookieName] else { return nil }
        return await tokens.principal(of: cookie.value, from: .browser)
    }

    /// A key opens what its scopes name, and nothing of a person's own security.
    func checkScope(of endpoint: Endpoint, by caller: Caller) throws {
        guard let scopes = caller.scopes else { return }
        guard let scope = endpoint.scope, scopes.contains(scope) else {
            throw Problem(
                status: .forbidden, code: "scope_missing", title: "Not with this key",
                detail: endpoint.scope.map { "The key lacks the scope \($0)." } ?? "No key opens this; sign in.")
        }
    }

    /// A cookie comes along from wherever the request was made, so what changes something must also show what only
    /// our own pages know.
    func checkForgery(_ formToken: String?, by caller: Caller) throws {
        guard isGenuine(formToken, of: caller) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Reload the page and try again.")
        }
    }

    /// Whether it is the form token of this sign-in; a caller without a cookie needs none.
    func isGenuine(_ formToken: String?, of caller: Caller) -> Bool {
        guard caller.isFromPage else { return true }
        return formToken.map { tokens.isFormToken($0, for: caller.principal.signIn) } ?? false
    }

    func cookie(_ issued: SignInService.IssuedTokens) -> String { cookie(issued.token, maxAge: issued.lifetime) }

    var endedCookie: String { cookie("", maxAge: .zero) }

    private func cookie(_ value: String, maxAge: Duration) -> String {
        "\(cookieName)=\(value); Path=/; Max-Age=\(maxAge.wholeSeconds); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }
}
