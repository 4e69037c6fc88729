import Crypto
import Foundation

/// How a sealed value is written: a byte for the version (1), four for the key's id, twelve of nonce, the ciphertext of
/// AES-256-GCM (NIST SP 800-38D) and its 16 bytes of tag. Version and key id are authenticated too.
///
/// Nonces are random. A key must not seal more than 2^32 values (SP 800-38D 8.3), far more than an installation has.
enum Envelope {
    static let version: UInt8 = 1
    private static let headerCount = 1 + KeyID.byteCount
    private static let nonceCount = 12
    private static let tagCount = 16

    static func seal(
        _ bytes: Data, with key: EncryptionKey, for context: SecretContext
    ) throws(SecretError) -> Data {
        let header = Data([version]) + key.id
        let nonce = Data(AES.GCM.Nonce())
        do {
            return header + nonce
                + (try encrypt(bytes, with: key, nonce: nonce, authenticating: header + context.bytes))
        } catch {
            throw .malformed
        }
    }

    /// - Returns: ciphertext and tag.
    static func encrypt(
        _ bytes: Data, with key: EncryptionKey, nonce: Data, authenticating context: Data
    ) throws -> Data {
        let box = try AES.GCM.seal(bytes, using: key.key, nonce: AES.GCM.Nonce(data: nonce), authenticating: context)
        return box.ciphertext + box.tag
    }

    /// - Throws: ``SecretError/malformed`` and ``SecretError/notAuthentic``.
    static func open(
        _ sealed: Data, with key: EncryptionKey, for context: SecretContext
    ) throws(SecretError) -> Data {
        _ = try keyID(of: sealed)
        let header = sealed.prefix(headerCount)
        let nonce = sealed.dropFirst(headerCount).prefix(nonceCount)
        let ciphertext = sealed.dropFirst(headerCount + nonceCount).dropLast(tagCount)
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: ciphertext, tag: sealed.suffix(tagCount))
            return try AES.GCM.open(box, using: key.key, authenticating: header + context.bytes)
        } catch {
            throw .notAuthentic
        }
    }

    /// - Throws: ``SecretError/malformed``
    static func keyID(of sealed: Data) throws(SecretError) -> Data {
        guard sealed.count >= headerCount + nonceCount + tagCount, sealed.first == version else { throw .malformed }
        return Data(sealed.dropFirst().prefix(KeyID.byteCount))
    }
}
