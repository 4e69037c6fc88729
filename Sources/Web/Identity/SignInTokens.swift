import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Tells by the tokens and keys of sign-ins whose request it is.
struct SignInTokens: TokenVerifier {
    let tokens: Tokens
    let keys: AccessKeys

    func caller(bearing token: String) async throws -> Authentication.Caller? {
        if token.hasPrefix(AccessKeys.prefix) {
            return try await keys.principal(of: token).map {
                Authentication.Caller($0.principal, isFromPage: false, scopes: $0.scopes)
            }
        }
        return await tokens.principal(of: token, from: .program).map {
            Authentication.Caller($0, isFromPage: false)
        }
    }

    func principal(inCookie token: String) async -> Principal? { await tokens.principal(of: token, from: .browser) }

    func isFormToken(_ token: String, of signIn: SignInID) -> Bool { tokens.isFormToken(token, for: signIn) }
}

extension Authentication {
    init(_ identity: IdentityServices, isSecure: Bool) {
        self.init(SignInTokens(tokens: identity.tokens, keys: identity.keys), isSecure: isSecure)
    }

    func cookie(_ issued: SignInService.IssuedTokens) -> String { cookie(issued.token, maxAge: issued.lifetime) }
}

extension APIRequest {
    /// Where it comes from, for what is done before anybody is known.
    var client: ClientInfo { ClientInfo(address: address, agent: headers[.userAgent]) }
}
