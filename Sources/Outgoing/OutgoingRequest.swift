package import Foundation

/// One HTTP request to somebody else's server.
package struct OutgoingRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: URL
    /// Names and values as they are sent. A line break in one is refused: it would start another header.
    package var headers: [(name: String, value: String)]
    package var body: Data?
    /// Replaces the client's own limits.
    package var limits: OutgoingLimits?

    package init(
        _ method: Method, _ url: URL, headers: [(name: String, value: String)] = [], body: Data? = nil,
        limits: OutgoingLimits? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
    }
}

/// How long a request may take and how much its answer may hold.
package struct OutgoingLimits: Sendable {
    /// Until the connection stands, look-up of the name and TLS included.
    package var connecting: Duration
    /// Until the last byte of the answer, connecting included.
    package var total: Duration
    /// Header and body of the answer together.
    package var responseBytes: Int

    package init(connecting: Duration = .seconds(3), total: Duration = .seconds(15), responseBytes: Int = 5_000_000) {
        self.connecting = connecting
        self.total = total
        self.responseBytes = responseBytes
    }
}
