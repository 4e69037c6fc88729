import Foundation
import Values

/// How a token of ours is written, to the letter: JWTKit takes padding, other bytes at the end and whatever `alg` a
/// header names, since it verifies with the key's own. So that each token has one form and each header one meaning,
/// everything else is refused before it gets there (RFC 7515, 4.1.11; RFC 8725, 3.1).
enum CanonicalJWT {
    private static let header = ["alg": "HS256", "typ": "JWT"]

    static func isOurs(_ token: String) -> Bool {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy(isBase64URL) }),
            let first = Data(base64Encoded: ordinaryBase64(parts[0]))
        else { return false }
        return (try? JSONDecoder().decode([String: String].self, fromForeign: first)) == header
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func ordinaryBase64(_ part: some Collection<UInt8>) -> String {
        let text = String(decoding: part, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
