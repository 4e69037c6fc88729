import Crypto
package import Foundation
import Values

/// Keys that follow from another key, each for one purpose: none tells anything of the others (HKDF, RFC 5869).
package struct DerivedKey: Sendable {
    private let bytes: Data

    package init(from key: Data, for purpose: String) {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Data(purpose.utf8), outputByteCount: 32)
        bytes = derived.withUnsafeBytes { Data($0) }
    }

    /// 43 letters, digits, `-` and `_`.
    package var password: String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Eight hexadecimal digits, to tell keys apart by.
    package var fingerprint: String {
        bytes.prefix(4).hex
    }
}
