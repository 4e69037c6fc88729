package import Access
import Crypto
package import Foundation
import JWTKit
package import Values

/// Signs and reads the tokens that a request carries. A token says who and which sign-in, and nothing that could
/// change: roles and memberships are read from the database each time.
///
/// JSON Web Tokens (RFC 7519) under HMAC-SHA256 with one key; as RFC 8725 advises, one algorithm, and issuer,
/// audience and expiry are demanded.
package struct Tokens: Sendable {
    /// How a token travels. One that was made for the one is refused on the other way.
    package enum Medium: String, Sendable, Codable {
        /// In the cookie of a page; valid as long as its sign-in.
        case browser
        /// In `Authorization: Bearer`; valid for 15 minutes.
        case program

        package var lifetime: Duration {
            switch self {
            case .browser: .hours(24 * 14)
            case .program: .minutes(15)
            }
        }
    }

    private let keys: JWTKeyCollection
    private let formKey: SymmetricKey
    private let clock: any WallClock

    /// - Parameter secret: at least 32 random bytes, shared by all servers of one installation.
    package init(secret: Data, clock: any WallClock) async {
        precondition(secret.count >= 32, "a signing key of fewer than 32 bytes can be guessed")
        let root = SymmetricKey(data: secret)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data(purpose.utf8), outputByteCount: 32)
        }
        keys = await JWTKeyCollection()
            .add(hmac: HMACKey(key: derived("convene access token")), digestAlgorithm: .sha256)
        formKey = derived("convene form token")
        self.clock = clock
    }

    package func sign(_ principal: Principal, for medium: Medium) async throws -> String {
        let now = clock.now
        return try await keys.sign(
            Claims(
                iss: IssuerClaim(value: Claims.issuer), aud: AudienceClaim(value: [medium.rawValue]),
                sub: SubjectClaim(value: principal.user.description), sid: principal.signIn.description,
                iat: IssuedAtClaim(value: now), exp: ExpirationClaim(value: now.advanced(by: medium.lifetime)), nbf: nil
            ))
    }

    /// `nil` for whatever is not a token of ours, of this medium, still valid.
    package func principal(of token: String, from medium: Medium) async -> Principal? {
        guard token.utf8.count <= 1024, CanonicalJWT.isOurs(token),
            let claims = try? await keys.verify(token, as: Claims.self),
            claims.iss.value == Claims.issuer, claims.aud.value == [medium.rawValue],
            claims.holds(at: clock.now, for: medium.lifetime), let user = UserID(claims.sub.value),
            let signIn = SignInID(claims.sid)
        else { return nil }
        return Principal(user: user, signIn: signIn)
    }

    /// What a form or script of our own pages sends along with the cookie, and what another site cannot know.
    ///
    /// Each page gets another text for the same secret: random bytes, and the secret under them. How far a page was
    /// compressed then tells nothing of it, however often it is asked for (BREACH).
    package func formToken(for signIn: SignInID) -> String {
        let mask = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return (mask + zip(mask, formSecret(of: signIn)).map { $0 ^ $1 }).base64URL
    }

    /// Compares in constant time.
    package func isFormToken(_ text: String, for signIn: SignInID) -> Bool {
        guard let given = Data(base64URL: text), given.count == 64 else { return false }
        let secret = zip(given.prefix(32), given.suffix(32)).map { $0 ^ $1 }
        return zip(secret, formSecret(of: signIn)).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// 32 bytes.
    private func formSecret(of signIn: SignInID) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(signIn.description.utf8), using: formKey))
    }
}

private struct Claims: JWTPayload {
    static let issuer = "convene"

    let iss: IssuerClaim
    let aud: AudienceClaim
    let sub: SubjectClaim
    let sid: String
    let iat: IssuedAtClaim
    let exp: ExpirationClaim
    /// We write none.
    let nbf: NotBeforeClaim?

    /// What the clocks of two servers may differ by.
    private static let tolerance = Duration.seconds(60)

    /// Whether it has begun, has not ended, and is for no longer than we make them.
    func holds(at now: Date, for lifetime: Duration) -> Bool {
        let latest = now.advanced(by: Self.tolerance)
        return nbf == nil && iat.value <= latest && exp.value > now && exp.value <= latest.advanced(by: lifetime)
    }

    // Times are compared with our own clock, by the caller.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
