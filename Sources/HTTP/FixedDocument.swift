import Crypto
package import Foundation
package import HTTPTypes
import NIOCore
import Values

/// A document that is the same for everybody as long as the process runs: written once, and sent only to those who do
/// not have it yet (RFC 9110, 13.1.2).
package struct FixedDocument: Sendable {
    private let body: KeptBody
    private let type: String
    private let hash: String

    package init(_ data: Data, type: String) {
        body = KeptBody(ByteBuffer(bytes: data))
        self.type = type
        hash = SHA256.hash(data: data).prefix(12).hex
    }

    package func reply(to headers: HTTPFields) -> Reply {
        // Each form has a tag of its own: half of the one cannot be completed from the other (RFC 9110, 8.8.3.3).
        let isCompressed = AcceptedCoding(headers) == .gzip && body.gzip != nil
        let tag = isCompressed ? "\"\(hash)-gzip\"" : "\"\(hash)\""
        var fields: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        let has = headers[values: .ifNoneMatch].joined(separator: ",").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard has.contains(where: { $0 == "*" || $0 == tag || $0 == "W/" + tag }) else {
            return .kept(body, type: type, headers: fields)
        }
        fields[.vary] = "Accept-Encoding"
        return .empty(.notModified, headers: fields)
    }
}
