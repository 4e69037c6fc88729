import Crypto
import Foundation
import HTTPTypes
package import Values

// Whatever is created is created once for each Idempotency-Key: the first response is kept in the transaction that
// creates, and a second request with the key, whatever comes of it, is given that response.

/// Where first responses are kept.
package protocol ResponseStore: Sendable {
    /// - Returns: `nil` when nothing is kept under the request's key.
    /// - Throws: also when the caller may not do any more what the request asks for.
    func first(to request: IdempotentRequest, of apiRequest: APIRequest) async throws -> FirstResponse?
}

package enum FirstResponse: Sendable {
    case toTheSame(StoredResponse)
    case toAnotherRequest
}

extension APIRequest {
    /// Creates something, and answers 201 with it.
    /// - Parameters:
    ///   - location: the path of what was created.
    ///   - work: creates it, and keeps the response under the key in the same transaction.
    package func create<Created: Encodable & Sendable>(
        at location: @escaping @Sendable (Created) -> String? = { _ in nil },
        _ work: (IdempotencyKey<Created>) async throws -> Created
    ) async throws -> Reply {
        try await create(at: location, showing: { $0 }, by: work)
    }

    /// The same, with another document than what was created is.
    package func create<Created: Sendable, Shown: Encodable & Sendable>(
        at location: @escaping @Sendable (Created) -> String? = { _ in nil },
        showing view: @escaping @Sendable (Created) throws -> Shown,
        by work: (IdempotencyKey<Created>) async throws -> Created
    ) async throws -> Reply {
        @Sendable func response(_ created: Created) throws -> StoredResponse {
            StoredResponse(
                status: HTTPResponse.Status.created.code, location: location(created),
                body: String(decoding: try JSONEncoder.convene.encode(try view(created)), as: UTF8.self))
        }
        let key = idempotent.map { IdempotencyKey($0, response: response) } ?? .absent
        return Reply(try response(try await work(key)))
    }
}

extension Reply {
    init(_ stored: StoredResponse) {
        self = .raw(
            stored.body.utf8, type: "application/json", status: .init(code: stored.status),
            headers: stored.location.map { [.location: $0] } ?? [:])
    }
}

extension IdempotentRequest {
    /// `nil` without a key.
    init?(_ request: APIRequest, to endpoint: Endpoint) throws {
        guard endpoint.takesIdempotencyKey, let key = request.string(Endpoint.Parameter.idempotencyKey.name) else {
            return nil
        }
        let parameters = try JSONEncoder.convene.encode(request.parameters)
        self.init(
            route: "\(endpoint.method.rawValue) \(endpoint.path)", key: key,
            hash: Data(SHA256.hash(data: parameters + [0] + request.body)))
    }
}

extension Problem {
    static let idempotencyKeyReused = Problem(
        status: .unprocessableContent, code: "idempotency_key_reused", title: "Key already used",
        detail: "This Idempotency-Key was sent with another request. Use a new key for a new request.",
        errors: [FieldError(field: "Idempotency-Key", message: "was used for another request")])
}
