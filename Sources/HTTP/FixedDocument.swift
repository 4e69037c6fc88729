import Crypto
package import Foundation
package import HTTPTypes
import NIOCore
import Values

/// A document that is the same for everybody as long as the process runs: written once, and sent only to those who do
/// not have it yet (RFC 9110, 13.1.2).
package struct FixedDocument: Sendable {
    private let bytes: ByteBuffer
    private let type: String
    private let tag: String

    package init(_ data: Data, type: String) {
        bytes = ByteBuffer(bytes: data)
        self.type = type
        tag =
            "\"" + SHA256.hash(data: data).prefix(12).hex
            + "\""
    }

    package func reply(to headers: HTTPFields) -> Reply {
        let kept: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        let has = headers[values: .ifNoneMatch].joined(separator: ",").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return has.contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
            ? .empty(.notModified, headers: kept) : .shared(bytes, type: type, headers: kept)
    }
}
