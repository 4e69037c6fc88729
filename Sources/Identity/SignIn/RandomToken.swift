import Crypto
import Foundation

/// A secret that somebody is handed once, 256 random bits in base64url. Only its hash is kept; with that many bits a
/// plain SHA-256 cannot be guessed back.
struct RandomToken: Sendable {
    let text: String

    init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init(prefix: String) {
        text = prefix + RandomToken().text
    }

    var hash: Data { Self.hash(of: text) }

    static func hash(of text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }
}
