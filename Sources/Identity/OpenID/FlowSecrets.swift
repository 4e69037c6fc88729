import Crypto
package import Foundation

/// The secrets of one flow. Only the state travels; the others are made from it with a key of the server's, so that
/// none has to be kept.
package struct FlowSecrets: Sendable {
    private let verifierKey: SymmetricKey
    private let nonceKey: SymmetricKey

    /// - Parameter secret: the signing key, shared by all servers of one installation.
    package init(secret: Data) {
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret), info: Data(purpose.utf8), outputByteCount: 32)
        }
        verifierKey = derived("convene openid verifier")
        nonceKey = derived("convene openid nonce")
    }

    /// 43 characters, as RFC 7636, 4.1 wants them.
    func verifier(for state: String) -> String { Self.code(for: state, with: verifierKey) }

    func nonce(for state: String) -> String { Self.code(for: state, with: nonceKey) }

    /// The S256 challenge of a PKCE verifier (RFC 7636, 4.2).
    package static func challenge(of verifier: String) -> String {
        Data(SHA256.hash(data: Data(verifier.utf8))).base64URL
    }

    private static func code(for state: String, with key: SymmetricKey) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Data(state.utf8), using: key)).base64URL
    }
}
