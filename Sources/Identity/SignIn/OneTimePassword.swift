import Crypto
package import Foundation
import Values

/// The six digits of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226) with SHA-1 and steps of 30 s, the
/// only kind that every app knows.
package struct OneTimePassword: Sendable {
    /// Shared with the app, and to be kept sealed.
    package let secret: Data

    /// With a new secret of 160 random bits, the length that RFC 4226 (4, R6) recommends.
    package init() {
        secret = SymmetricKey(size: SymmetricKeySize(bitCount: 160)).withUnsafeBytes { Data($0) }
    }

    package init(secret: Data) {
        self.secret = secret
    }

    /// Whether `code` is the one of this step or of a neighbor, since clocks differ and people type slowly.
    /// - Parameter lastStep: The step whose code was used last. Neither that one nor an earlier one is taken again.
    /// - Returns: The step that matched, to be stored as the next call's `lastStep` in the statement that lets the
    ///   person in.
    package func matches(_ code: String, at now: Date, after lastStep: Int?) -> Int? {
        let digits = Array(code.utf8.filter { $0 != UInt8(ascii: " ") })
        guard digits.count == 6 else { return nil }
        let current = Self.step(at: now)
        // Each step is looked at, and each comparison reads all six digits: the time taken tells nothing.
        return (current - 1...current + 1).reduce(nil as Int?) { found, step in
            let isEqual = zip(digits, self.code(of: step).utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
            return isEqual && step > lastStep ?? .min ? step : found
        }
    }

    static func step(at now: Date) -> Int { Int(saturating: (now.timeIntervalSince1970 / 30).rounded(.down)) }

    /// RFC 4226, section 5.3.
    func code(of step: Int) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: Int64(step)).bigEndian) { Data($0) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(digest[19] & 0xF)
        let number = digest[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// What the QR code holds. The secret is in it.
    package func uri(for email: String) -> String {
        let account = email.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
        return "otpauth://totp/Convene:\(account)?secret=\(typed)&issuer=Convene"
    }

    /// The secret for people who cannot scan: base32, without padding.
    package var typed: String { Base32.rfc4648.encode(secret) }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@")
}
