import Crypto
package import Foundation

/// What signs in once each when the authenticator app is lost: ten codes of 80 random bits.
package struct RecoveryCodes: Sendable {
    /// As people see them, once: `xxxx-xxxx-xxxx-xxxx`.
    package let texts: [String]

    package init() {
        texts = (0..<10).map { _ in
            let code = Array(
                Base32.forPeople.encode(SymmetricKey(size: .init(bitCount: 80)).withUnsafeBytes(Array.init)))
            return stride(from: 0, to: code.count, by: 4).map { String(code[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }

    /// What is stored. SHA-256 without salt or work is enough: nobody tries 2⁸⁰ codes.
    package var hashes: [Data] { texts.compactMap(Self.hash(of:)) }

    /// Of a code as somebody typed it: capitals, spaces and hyphens do not matter, nor does an o for a zero or an i or
    /// l for a one.
    /// - Returns: `nil` when that is no code.
    package static func hash(of typed: String) -> Data? {
        let letters = typed.lowercased().filter { !$0.isWhitespace && $0 != "-" }
            .replacing("o", with: "0").replacing("i", with: "1").replacing("l", with: "1")
        guard letters.count == 16, Base32.forPeople.isMade(of: letters) else { return nil }
        return Data(SHA256.hash(data: Data(letters.utf8)))
    }
}
