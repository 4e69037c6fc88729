package import Foundation

/// What makes a creating request happen once: the response is stored, in the transaction that creates, under the key
/// that the request's sender chose, and whoever sends the request again is given that response for 24 hours.
package struct IdempotencyKey<Created>: Sendable {
    private let kept: (request: IdempotentRequest, response: @Sendable (Created) throws -> StoredResponse)?

    /// - Parameter response: to what was created.
    package init(
        _ request: IdempotentRequest, response: @escaping @Sendable (Created) throws -> StoredResponse
    ) {
        kept = (request, response)
    }

    private init() { kept = nil }

    /// Of a request without a key, which happens as often as it is sent.
    package static var absent: IdempotencyKey { IdempotencyKey() }

    /// What is to be stored beside what was created.
    package func entry(for created: Created) throws -> (request: IdempotentRequest, response: StoredResponse)? {
        guard let kept else { return nil }
        return (kept.request, try kept.response(created))
    }
}

/// A request as far as it can be told from another one.
package struct IdempotentRequest: Sendable, Hashable {
    /// Such as `POST /api/organizations`.
    package let route: String
    /// 1 to 255 characters.
    package let key: String
    /// SHA-256 of whatever was asked for.
    package let hash: Data

    package init(route: String, key: String, hash: Data) {
        self.route = route
        self.key = key
        self.hash = hash
    }
}

package struct StoredResponse: Sendable, Hashable, Codable {
    package let status: Int
    package let location: String?
    package let body: String

    package init(status: Int, location: String?, body: String) {
        self.status = status
        self.location = location
        self.body = body
    }
}
