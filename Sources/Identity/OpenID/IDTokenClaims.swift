package import Foundation
package import JWTKit
import Values

/// What an ID token says (OpenID Connect Core 1.0, 2), as far as it matters here.
package struct IDTokenClaims: JWTPayload {
    let iss: String
    let sub: String
    let aud: Audience
    let azp: String?
    let exp: Double
    let iat: Double
    let nbf: Double?
    let nonce: String?
    let email: Shown?
    let name: Shown?
    let emailVerified: Truth?

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, azp, exp, iat, nbf, nonce, email, name
        case emailVerified = "email_verified"
    }

    /// - Throws: ``IDTokenFlaw/malformed`` and ``IDTokenFlaw/signature``
    static func read(_ token: String, signedWith keys: JWTKeyCollection) async throws(IDTokenFlaw) -> IDTokenClaims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let body = Data(base64URL: String(parts[1])),
            (try? ForeignJSON.check(body)) != nil
        else { throw .malformed }
        do {
            return try await keys.verify(token, as: IDTokenClaims.self)
        } catch {
            if error is DecodingError { throw .malformed }
            if let error = error as? JWTError, error.errorType == .malformedToken { throw .malformed }
            throw .signature
        }
    }

    // The signature alone says nothing: `check` is told what to expect, and by what clock.
    package func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// OpenID Connect Core 1.0, 3.1.3.7. Clocks may differ by a minute.
    /// - Parameter nonce: the one that this flow was begun with.
    package func check(for issuer: OpenIDIssuer, nonce expected: String, at now: Date) throws(IDTokenFlaw) {
        let now = now.timeIntervalSince1970
        let leeway = 60.0
        guard issuer.isNamed(iss) else { throw .issuer }
        guard aud.names.contains(issuer.clientID) else { throw .audience }
        guard azp.map({ $0 == issuer.clientID }) ?? (aud.names.count == 1) else { throw .party }
        guard exp > now - leeway, exp > iat else { throw .expired }
        // It was asked for a moment ago, within the ten minutes of its flow.
        guard iat < now + leeway, iat > now - 600 else { throw .issuedAt }
        guard (nbf ?? 0) < now + leeway else { throw .notYet }
        guard nonce == expected else { throw .nonce }
        guard (1...255).contains(sub.utf8.count), sub.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw .subject
        }
    }

    /// One name or several. (JWTKit's own claim ends the process when there are none.)
    package struct Audience: Codable, Sendable {
        let names: [String]

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            names = try (try? container.decode(String.self)).map { [$0] } ?? container.decode([String].self)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(names)
        }
    }

    /// A text that can be shown, cleaned, since nobody can be asked for another one, and cut at 200 characters. Whatever
    /// else stands there is as good as nothing.
    package struct Shown: Codable, Sendable {
        let text: String?

        package init(from decoder: any Decoder) throws {
            let text = try? decoder.singleValueContainer().decode(String.self)
            let line = text.map { PlainText.cleanedLine(String($0.unicodeScalars.prefix(200))) }
            self.text = line.flatMap { PlainText.isVisible($0) ? $0 : nil }
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }

    /// Some issuers write `"true"` for `true`.
    package struct Truth: Codable, Sendable {
        let isTrue: Bool

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            isTrue = ((try? container.decode(Bool.self)) ?? false) || (try? container.decode(String.self)) == "true"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(isTrue)
        }
    }
}
