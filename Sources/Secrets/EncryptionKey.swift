import Crypto
package import Foundation
import Values

/// A key of AES-256. It prints as its id.
package struct EncryptionKey: Sendable, Equatable {
    package static let byteCount = 32

    let key: SymmetricKey
    /// By which a sealed value names its key: the first four bytes of the key's SHA-256, which tell nothing of it.
    package let id: Data

    /// - Parameter base64: of 32 bytes; `nil` when it is not.
    package init?(base64: some StringProtocol) {
        guard let bytes = Data(base64Encoded: String(base64)), bytes.count == Self.byteCount else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    /// A new one, from the system's random numbers.
    package static func random() -> EncryptionKey { EncryptionKey(SymmetricKey(size: .bits256)) }

    private init(_ key: SymmetricKey) {
        self.key = key
        id = Data(key.withUnsafeBytes { SHA256.hash(data: $0) }.prefix(KeyID.byteCount))
    }

    var base64: String { key.withUnsafeBytes { Data($0) }.base64EncodedString() }
}

extension EncryptionKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { KeyID.text(id) }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How the id of a key is kept and shown.
package enum KeyID {
    package static let byteCount = 4

    /// Eight hexadecimal digits.
    package static func text(_ id: Data) -> String {
        id.hex
    }
}
