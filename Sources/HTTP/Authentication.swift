package import Access
package import HTTPTypes
package import Hummingbird
package import Values

/// Finds out whose request it is: by bearer token for programs, by cookie for pages.
package struct Authentication: Sendable {
    /// With https the name keeps the cookie to this host and to https (RFC 6265bis, 4.1.3.2).
    package var cookieName: String { isSecure ? "__Host-convene" : "convene" }
    package static let formTokenField = HTTPField.Name("X-CSRF-Token")!

    private let verifier: any TokenVerifier
    /// Whether browsers reach us by https, so that the cookie may be kept to it.
    package let isSecure: Bool

    package init(_ verifier: any TokenVerifier, isSecure: Bool) {
        self.verifier = verifier
        self.isSecure = isSecure
    }

    package struct Caller: Sendable {
        package let principal: Principal
        package let isFromPage: Bool
        /// What the key that was shown may be used for; `nil` without a key: everything.
        package let scopes: Set<String>?

        package init(_ principal: Principal, isFromPage: Bool, scopes: Set<String>? = nil) {
            self.principal = principal
            self.isFromPage = isFromPage
            self.scopes = scopes
        }
    }

    /// - Throws: a 401 problem for a token that does not hold; none at all is `nil`.
    package func caller(of request: Request) async throws -> Caller? {
        if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let caller = try await verifier.caller(bearing: String(parts[1]))
            else { throw Problem.notSignedIn }
            return caller
        }
        return await principal(inCookiesOf: request.headers).map { Caller($0, isFromPage: true) }
    }

    /// Whose browser this is, where anyone may call; for `GET`s that people are sent to from elsewhere.
    package func principal(inCookiesOf headers: HTTPFields) async -> Principal? {
        guard let cookie = Cookies(from: headers[values: .cookie])[cookieName] else { return nil }
        return await verifier.principal(inCookie: cookie.value)
    }

    /// A key opens what its scopes name, and nothing of a person's own security.
    func checkScope(of endpoint: Endpoint, by caller: Caller) throws {
        guard let scopes = caller.scopes else { return }
        guard let grant = endpoint.grant, scopes.contains(grant) else {
            throw Problem(
                status: .forbidden, code: "scope_missing", title: "Not with this key",
                detail: endpoint.grant.map { "The key lacks the scope \($0)." } ?? "No key opens this; sign in.")
        }
    }

    /// A cookie comes along from wherever the request was made, so what changes something must also show what only
    /// our own pages know.
    package func checkForgery(_ formToken: String?, by caller: Caller) throws {
        guard isGenuine(formToken, of: caller) else {
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Reload the page and try again.")
        }
    }

    /// Whether it is the form token of this sign-in; a caller without a cookie needs none.
    package func isGenuine(_ formToken: String?, of caller: Caller) -> Bool {
        guard caller.isFromPage else { return true }
        return formToken.map { verifier.isFormToken($0, of: caller.principal.signIn) } ?? false
    }

    package var endedCookie: String { cookie("", maxAge: .zero) }

    package func cookie(_ value: String, maxAge: Duration) -> String {
        "\(cookieName)=\(value); Path=/; Max-Age=\(maxAge.wholeSeconds); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }
}

/// Tells whom a token stands for; how tokens are made is no matter of HTTP.
package protocol TokenVerifier: Sendable {
    /// Of a program: an access token or a key. `nil` for what does not hold.
    func caller(bearing token: String) async throws -> Authentication.Caller?
    /// `nil` for what does not hold.
    func principal(inCookie token: String) async -> Principal?
    /// Whether a page of that sign-in was given the token.
    func isFormToken(_ token: String, of signIn: SignInID) -> Bool
}
