import Foundation
package import Hummingbird

/// The fields of an `application/x-www-form-urlencoded` body (WHATWG URL, 5), 64 kB at most.
package struct Form: Sendable {
    let fields: [String: String]

    package init(_ request: Request) async throws {
        self.init(String(buffer: try await request.wholeBody(upTo: 65_536)))
    }

    /// - Parameter text: a body, or the query of an address that a form led to.
    package init(_ text: String) {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), parts.count == 2, let value = Self.decoded(parts[1]) else {
                continue
            }
            fields[name] = value
        }
        self.fields = fields
    }

    /// The last value of that name. Never holds U+0000, which PostgreSQL's text cannot.
    package subscript(name: String) -> String? { fields[name] }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding?.replacing("\0", with: "")
    }
}
