import Foundation
package import Postgres
package import Secrets
package import Values

// The response to a request that creates something is kept in the transaction that creates it, so that there is either
// both or none. A second request with the key waits for the first one's transaction to end, is refused, and leaves
// nothing behind; its sender is then given the first one's response.

extension IdempotencyKey {
    /// Keeps the response to `created` under the key, if there is one and the transaction commits. Refuses with
    /// `idempotency_replay` when the key has a response already.
    package func keep(_ created: Created) throws -> [SQL] {
        guard let (request, response) = try entry(for: created) else { return [] }
        return [Idempotency.keep(request, response, body: response.body, sealedBody: nil)]
    }

    /// The same for a response that shows a secret: nobody can read it who has the database alone.
    package func keep(_ created: Created, sealedWith secrets: SecretBox, for user: UserID) throws -> [SQL] {
        guard let (request, response) = try entry(for: created) else { return [] }
        let sealed = try secrets.seal(Secret(response.body), for: Idempotency.context(of: user))
        return [Idempotency.keep(request, response, body: nil, sealedBody: sealed)]
    }
}

package enum Idempotency {
    fileprivate static func keep(
        _ request: IdempotentRequest, _ response: StoredResponse, body: String?, sealedBody: Data?
    ) -> SQL {
        """
        WITH kept AS (
            INSERT INTO idempotency_keys (user_id, route, key, request_hash, status, location, body, sealed_body)
            VALUES (app_user_id(), \(request.route), \(request.key), \(request.hash), \(response.status),
                    \(response.location), \(body), \(sealedBody))
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT refuse('idempotency_replay') WHERE NOT EXISTS (SELECT FROM kept)
        """
    }

    fileprivate static func context(of user: UserID) -> SecretContext {
        SecretContext("idempotency_keys", "sealed_body", of: user)
    }

    /// What is kept under the key, as ``Kept``.
    package static func kept(under request: IdempotentRequest) -> SQL {
        """
        SELECT request_hash = \(request.hash) AS is_same_request, status, location, body, sealed_body
        FROM idempotency_keys
        WHERE user_id = app_user_id() AND route = \(request.route) AND key = \(request.key)
        """
    }

    package struct Kept: Decodable, Sendable {
        /// Whether the key's first request asked for the same.
        package let isSameRequest: Bool
        private let status: Int
        private let location: String?
        private let body: String?
        private let sealedBody: Data?

        package func response(openedWith secrets: SecretBox, for user: UserID) throws -> StoredResponse {
            let opened = try sealedBody.map { try secrets.openText($0, for: Idempotency.context(of: user)).revealed }
            return StoredResponse(status: status, location: location, body: body ?? opened ?? "")
        }
    }
}
