import Foundation
package import Postgres
package import Values

/// A job that a worker holds, until its lease ends by the database's clock.
package struct ClaimedJob: Decodable, Sendable {
    package let id: JobID
    package let organizationId: OrganizationID?
    package let kind: String
    package let key: String
    /// JSON.
    package let payload: String
    /// This one included.
    package let attempts: Int
    /// Raised by every claim, so that a worker that slept past its lease cannot finish what another one holds.
    package let fence: Int

    package func decodePayload<Payload: Decodable>(as type: Payload.Type = Payload.self) throws -> Payload {
        try JSONDecoder.convene.decode(Payload.self, from: Data(payload.utf8))
    }
}

extension Queue {
    package static let lease = Duration.seconds(60)

    /// The refusal code of ``finish(_:)``: somebody else holds the job now, or it was cancelled.
    package static let lost = "job_lost"

    /// Takes up to `limit` jobs that are due at `now`, the most urgent and then the longest waiting first.
    static func claim(kinds: [String], at now: Date, limit: Int) -> SQL {
        """
        UPDATE queue_jobs SET state = 'running', attempts = attempts + 1, fence = fence + 1,
            lease_until = clock_timestamp() + \(lease)::interval, updated_at = now()
        WHERE id IN (SELECT id FROM queue_jobs
                     WHERE state = 'waiting' AND run_at <= \(now) AND kind = ANY (\(kinds))
                     ORDER BY priority DESC, run_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
        RETURNING id, organization_id, kind, key, payload, attempts, fence
        """
    }

    /// Another lease. Touches no row when the job is lost.
    static func extend(_ job: ClaimedJob) -> SQL {
        """
        UPDATE queue_jobs SET lease_until = clock_timestamp() + \(lease)::interval
        WHERE id = \(job.id) AND fence = \(job.fence) AND state = 'running'
        """
    }

    /// The job is done. Put it into the transaction of its effect: when the job was lost meanwhile, it refuses with
    /// ``lost``, and the effect is taken back with it.
    package static func finish(_ job: ClaimedJob) -> SQL {
        """
        WITH finished AS (
            UPDATE queue_jobs SET state = 'done', finished_at = now(), lease_until = NULL, last_error = NULL,
                payload = \(withoutSecret), updated_at = now()
            WHERE id = \(job.id) AND fence = \(job.fence) AND state = 'running' RETURNING 1)
        SELECT refuse(\(lost)) WHERE NOT EXISTS (SELECT FROM finished)
        """
    }

    /// The attempt failed: again at `next`, or never when it was the last or `isFinal`. Touches no row when the job is
    /// lost.
    static func fail(_ job: ClaimedJob, error: String, again next: Date, isFinal: Bool = false) -> SQL {
        """
        UPDATE queue_jobs SET \(afterFailure(isFinal: isFinal)), run_at = \(next), last_error = \(String(error.prefix(500)))
        WHERE id = \(job.id) AND fence = \(job.fence) AND state = 'running'
        """
    }

    /// Frees what dead workers hold.
    static let rescue: SQL = """
        UPDATE queue_jobs SET \(afterFailure(isFinal: false)), last_error = 'its worker did not come back'
        WHERE id IN (SELECT id FROM queue_jobs WHERE state = 'running' AND lease_until < clock_timestamp()
                     FOR UPDATE SKIP LOCKED)
        """

    private static func afterFailure(isFinal: Bool) -> SQL {
        let isOver: SQL = "(attempts >= max_attempts OR \(isFinal))"
        return """
            state = CASE WHEN \(isOver) THEN 'dead' ELSE 'waiting' END,
            finished_at = CASE WHEN \(isOver) THEN now() END,
            payload = CASE WHEN \(isOver) THEN \(withoutSecret) ELSE payload END, lease_until = NULL, updated_at = now()
            """
    }

    private static let withoutSecret: SQL =
        "CASE jsonb_typeof(payload) WHEN 'object' THEN payload - \(sealed)::text ELSE payload END"
}
