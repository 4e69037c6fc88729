import Foundation
import JWTKit
import Values

/// How an ID token says that it is signed. Nothing of it is believed: it only chooses among the issuer's own keys.
struct IDTokenHeader: Sendable {
    let algorithm: SignatureAlgorithm
    let keyID: String?

    /// - Throws: ``IDTokenFlaw/algorithm`` for `none`, for HMAC and for whatever else is not a public-key signature.
    init(of token: String) throws(IDTokenFlaw) {
        struct Fields: Decodable {
            let alg: String
            let kid: String?
            let crit: [String]?
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= Self.longestToken, parts.count == 3, parts.allSatisfy({ !$0.isEmpty }),
            let data = Data(base64URL: String(parts[0])),
            let fields = try? JSONDecoder().decode(Fields.self, fromForeign: data),
            // RFC 7515, 4.1.11: what must be understood and is not.
            fields.crit == nil
        else { throw .malformed }
        guard let algorithm = SignatureAlgorithm(name: fields.alg) else { throw .algorithm }
        self.algorithm = algorithm
        keyID = fields.kid
    }

    /// Bytes.
    private static let longestToken = 16_384
}

/// The signatures that an ID token may carry (RFC 7518, 3.1 and RFC 8037): those that are made with one key and
/// checked with another.
enum SignatureAlgorithm: String, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// By the name in a header or a key. RFC 9864 calls by its curve what was only used with that one here.
    init?(name: String) {
        self.init(rawValue: name == "Ed25519" ? "EdDSA" : name)
    }
}
