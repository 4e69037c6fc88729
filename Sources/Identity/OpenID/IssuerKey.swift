import Foundation
import JWTKit
import Values

/// A public key of an issuer (RFC 7517). Members that would make it a private or a shared key are not read.
struct IssuerKey: Decodable, Sendable {
    let kty: String
    let use: String?
    let keyOps: [String]?
    let alg: String?
    let kid: String?
    let n: String?
    let e: String?
    let crv: String?
    let x: String?
    let y: String?

    enum CodingKeys: String, CodingKey {
        case kty, use, alg, kid, n, e, crv, x, y
        case keyOps = "key_ops"
    }

    /// Those of a JWK set that can be read. A set may hold keys for other purposes, of kinds unknown to us.
    static func all(in document: Data) throws(OpenIDError) -> [IssuerKey] {
        struct Lenient: Decodable {
            let key: IssuerKey?
            init(from decoder: any Decoder) throws { key = try? IssuerKey(from: decoder) }
        }
        struct Set: Decodable { let keys: [Lenient] }
        guard let set = try? JSONDecoder().decode(Set.self, fromForeign: document) else {
            throw .unavailable("its keys are not a JWK set")
        }
        return set.keys.compactMap(\.key)
    }

    /// As the signature's algorithm demands: one algorithm for each kind of key (RFC 8725, 3.1).
    func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        guard use ?? "sig" == "sig", keyOps?.contains("verify") ?? true, alg == nil || names(algorithm)
        else { return false }
        return switch algorithm {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: kty == "RSA"
        case .es256: kty == "EC" && crv == "P-256"
        case .es384: kty == "EC" && crv == "P-384"
        case .es512: kty == "EC" && crv == "P-521"
        case .edDSA: kty == "OKP" && crv == "Ed25519"
        }
    }

    /// Whether the key is for this algorithm alone: it names it, or is on a curve that has no other. An RSA key may be for
    /// any of six.
    func isBound(to algorithm: SignatureAlgorithm) -> Bool {
        fits(algorithm) && (names(algorithm) || kty != "RSA")
    }

    private func names(_ algorithm: SignatureAlgorithm) -> Bool {
        alg.flatMap(SignatureAlgorithm.init(name:)) == algorithm
    }

    /// The key that a header means; the only one that fits when it names none (OpenID Connect Core 1.0, 10.1).
    static func wanted(by header: IDTokenHeader, among keys: [IssuerKey]) -> IssuerKey? {
        let fitting = keys.filter { $0.fits(header.algorithm) && (header.keyID == nil || $0.kid == header.keyID) }
        return fitting.count == 1 ? fitting[0] : nil
    }

    /// - Throws: ``IDTokenFlaw/key`` for one that is none, an RSA key of fewer than 2048 bits included.
    func verifier(for algorithm: SignatureAlgorithm) async throws(IDTokenFlaw) -> JWTKeyCollection {
        let name = JWK.Algorithm(rawValue: algorithm.rawValue)
        let key: JWK =
            switch kty {
            case "RSA": .rsa(name, identifier: "only", modulus: n, exponent: e)
            case "EC": .ecdsa(name, identifier: "only", x: x, y: y, curve: crv.flatMap(ECDSACurve.init))
            default: .octetKeyPair(name, identifier: "only", x: x, y: nil, curve: .ed25519)
            }
        do {
            // A collection of this one key: the token cannot choose another.
            return try await JWTKeyCollection().add(jwk: key)
        } catch {
            throw .key
        }
    }
}
