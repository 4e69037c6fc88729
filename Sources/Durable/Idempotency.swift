package import Foundation
package import Postgres

/// The answer to a POST under the key that its sender chose, kept for 24 hours, so that sending it again gives the
/// same answer and not a second booking.
package struct IdempotentRequest: Sendable, Hashable {
    package let route: String
    /// 1 to 255 characters.
    package let key: String
    /// SHA-256 of the body.
    package let hash: Data

    package init(route: String, key: String, hash: Data) {
        self.route = route
        self.key = key
        self.hash = hash
    }
}

package struct RememberedAnswer: Sendable, Hashable, Codable {
    package let status: Int
    package let location: String?
    package let body: String

    package init(status: Int, location: String?, body: String) {
        self.status = status
        self.location = location
        self.body = body
    }
}

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

    /// Forgets what is older than a day.
    package static func forget(before moment: Date) -> SQL {
        "DELETE FROM idempotency_keys WHERE created_at < \(moment)"
    }
}
