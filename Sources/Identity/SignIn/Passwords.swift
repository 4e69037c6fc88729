import CArgon2
import Foundation

/// Argon2id (RFC 9106) with 19 MiB, two passes and one lane, the OWASP Password Storage Cheat Sheet's first choice.
///
/// A password is brought to Unicode's form NFC first, so that the same letters give the same hash whatever keyboard
/// they come from.
///
/// A hash takes some 40 ms of one core. Half of the cores make them, at most four, and 16 may wait for each.
package struct Passwords: Sendable {
    private let bench: HashingQueue

    package init() {
        let threads = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
        bench = HashingQueue(threads: threads, places: 16 * threads)
    }

    /// The hash with its salt and parameters, `$argon2id$v=19$…`.
    /// - Throws: ``SignInError/busy``
    package func hash(_ password: String) async throws -> String {
        try await carryOut(in: .familiar) { Self.encode(password) }
    }

    /// Compares in constant time. With no hash it does the same work and answers `false`, so that the time taken
    /// does not tell whether there is such an account.
    /// - Parameter isFamiliar: whether it is from somebody who was right before, who goes before all others.
    /// - Throws: ``SignInError/busy``
    package func verify(_ password: String, against hash: String?, isFamiliar: Bool = false) async throws -> Bool {
        try await carryOut(in: isFamiliar ? .familiar : .others) {
            let known = hash ?? Self.nobody
            let bytes = Self.bytes(of: password)
            return argon2id_verify(known, bytes, bytes.count) == ARGON2_OK.rawValue && hash != nil
        }
    }

    private func carryOut<Value: Sendable>(
        in lane: HashingQueue.Lane, _ work: @escaping @Sendable () -> Value
    ) async throws -> Value {
        do { return try await bench.carryOut(in: lane, work) } catch { throw SignInError.busy }
    }

    private static func bytes(of password: String) -> [UInt8] {
        Array(password.precomposedStringWithCanonicalMapping.utf8)
    }

    private static let nobody = encode("nobody has this password")

    private static func encode(_ password: String) -> String {
        let passes: UInt32 = 2
        let kibibytes: UInt32 = 19456
        let lanes: UInt32 = 1
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let bytes = bytes(of: password)
        let length = argon2_encodedlen(passes, kibibytes, lanes, UInt32(salt.count), 32, Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let status = argon2id_hash_encoded(
            passes, kibibytes, lanes, bytes, bytes.count, salt, salt.count, 32, &encoded, length)
        precondition(status == ARGON2_OK.rawValue, "argon2id failed with parameters that never change: \(status)")
        return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
