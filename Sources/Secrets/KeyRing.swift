import Foundation

/// The keys of an installation, newest first: the first seals, and all open.
package struct KeyRing: Sendable, Equatable {
    package let first: EncryptionKey
    /// What still opens old values.
    package let older: [EncryptionKey]

    package init(_ first: EncryptionKey, older: [EncryptionKey] = []) {
        self.first = first
        self.older = older
    }

    /// - Parameter text: keys in base64, with commas or line ends between them.
    /// - Returns: `nil` when there is none, or when one of them is not 32 bytes in base64.
    package init?(_ text: String) {
        let parts = text.split { $0 == "," || $0.isWhitespace }
        let keys = parts.compactMap { EncryptionKey(base64: $0) }
        guard let first = keys.first, keys.count == parts.count else { return nil }
        self.init(first, older: Array(keys.dropFirst()))
    }

    package var keys: [EncryptionKey] { [first] + older }

    /// One key a line, as ``init(_:)`` reads it.
    var text: String { keys.map { $0.base64 + "\n" }.joined() }
}
