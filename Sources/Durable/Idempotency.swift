package import Postgres
package import Values

/// What makes a POST happen once: the first answer is kept under the key that its sender chose.
package enum Idempotency {
    /// The refusal code of ``claim(_:answer:)`` when the key has an answer already.
    package static let replayed = "idempotency_replay"

    /// Keeps `answer` for `request` if the transaction commits; refuses with ``replayed`` when the key is taken. A
    /// second request with the key waits here until the first one's transaction has ended.
    package static func claim(_ request: IdempotentRequest, answer: RememberedAnswer) -> SQL {
        """
        WITH claimed AS (
            INSERT INTO idempotency_keys (organization_id, user_id, route, key, request_hash, status, location, body)
            VALUES (app_org_id(), app_user_id(), \(request.route), \(request.key), \(request.hash),
                    \(answer.status), \(answer.location), \(answer.body))
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT refuse(\(replayed)) WHERE NOT EXISTS (SELECT FROM claimed)
        """
    }

    /// What the key's first request was and what it was answered.
    package static func answer(to request: IdempotentRequest) -> SQL {
        """
        SELECT request_hash = \(request.hash) AS same_request, status, location, body
        FROM idempotency_keys
        WHERE organization_id = app_org_id() AND user_id = app_user_id()
          AND route = \(request.route) AND key = \(request.key)
        """
    }

    package struct Found: Decodable, Sendable {
        package let sameRequest: Bool
        package let status: Int
        package let location: String?
        package let body: String

        package var answer: RememberedAnswer { RememberedAnswer(status: status, location: location, body: body) }
    }
}
