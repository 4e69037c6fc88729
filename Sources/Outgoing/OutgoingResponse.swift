package import Foundation

/// A whole answer, of any status: 404 and 500 are answers too. A redirect is handed out as it came.
package struct OutgoingResponse: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: Data

    package init(status: Int, headers: [(name: String, value: String)], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, upper and lower case being alike.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
    }
}
