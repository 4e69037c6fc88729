package import Foundation
import Synchronization

/// Seals secrets before they are written to the database, and opens them where they are needed.
///
/// What has a secret column does three things. The column's type is the domain `sealed`, by which `convene rotate-keys`
/// finds it; its table has an `organization_id`, or else a `user_id`; and each value is sealed for the
/// ``SecretContext`` of table, column and that id. `convene_worker` may read and update the column.
///
///     let sealed = try box.seal(secret, for: SecretContext("user_totp", "secret", of: user))
///     try await database.acting(as: person).run("INSERT INTO user_totp (user_id, secret) VALUES (\(user), \(sealed))")
///
/// A value that was sealed with a key which was retired before it is written meets the constraint
/// `sealed_with_a_key_in_use` of the domain, which ``Identity/ActorDatabase`` reports as
/// `DatabaseFailure.unavailable`: sealed again it is taken.
package final class SecretBox: Sendable {
    /// Bytes of one secret.
    package static let largestSecret = 16 * 1024

    private let file: KeyFile?
    private let contents: Mutex<Contents>

    private struct Contents {
        var ring: KeyRing
        /// Which state of the file the ring was read from.
        var stamp: KeyFile.Stamp?
    }

    package init(_ ring: KeyRing) {
        file = nil
        contents = Mutex(Contents(ring: ring, stamp: nil))
    }

    /// With the keys of a file that may change while we run.
    /// - Throws: ``KeyFileError``
    package init(_ file: KeyFile) throws(KeyFileError) {
        let stamp = file.stamp
        self.file = file
        contents = Mutex(Contents(ring: try file.ring(), stamp: stamp))
    }

    /// - Throws: ``SecretError/tooLong``
    package func seal(_ bytes: Data, for context: SecretContext) throws(SecretError) -> Data {
        guard bytes.count <= Self.largestSecret else { throw .tooLong }
        return try Envelope.seal(bytes, with: newestRing().first, for: context)
    }

    package func seal(_ secret: Secret, for context: SecretContext) throws(SecretError) -> Data {
        try seal(Data(secret.revealed.utf8), for: context)
    }

    /// - Throws: ``SecretError``
    package func open(_ sealed: Data, for context: SecretContext) throws(SecretError) -> Data {
        let id = try Envelope.keyID(of: sealed)
        var candidates = contents.withLock(\.ring).keys.filter { $0.id == id }
        // Somebody may have changed the keys since: convene rotate-keys does while servers run.
        if candidates.isEmpty { candidates = newestRing().keys.filter { $0.id == id } }
        guard !candidates.isEmpty else { throw .unknownKey(id) }
        for key in candidates {
            if let bytes = try? Envelope.open(sealed, with: key, for: context) { return bytes }
        }
        throw .notAuthentic
    }

    package func openText(_ sealed: Data, for context: SecretContext) throws(SecretError) -> Secret {
        guard let text = String(data: try open(sealed, for: context), encoding: .utf8) else { throw .malformed }
        return Secret(text)
    }

    /// The keys as the file has them now. A file that cannot be read leaves us with those that we have.
    private func newestRing() -> KeyRing {
        guard let file else { return contents.withLock(\.ring) }
        return contents.withLock { contents in
            let stamp = file.stamp
            if let stamp, stamp != contents.stamp, let ring = try? file.ring() {
                contents = Contents(ring: ring, stamp: stamp)
            }
            return contents.ring
        }
    }
}

/// Why a value could not be sealed or opened. Holds nothing of it.
package enum SecretError: Error, Equatable {
    /// Longer than ``SecretBox/largestSecret``.
    case tooLong
    /// Not a sealed value, or one of a later version.
    case malformed
    /// It was sealed with a key that we do not have.
    case unknownKey(Data)
    /// It was changed, or sealed for another context.
    case notAuthentic
}

extension SecretError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong: "the secret is too long"
        case .malformed: "this is not a sealed value"
        case .unknownKey(let id): "it was sealed with the key \(KeyID.text(id)), which is not among ours"
        case .notAuthentic: "it was changed, or sealed for something else"
        }
    }
}
