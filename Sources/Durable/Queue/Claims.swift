import Foundation
package import Postgres
package import Values

/// A job that a worker holds, until its lease ends by the database's clock.
package struct ClaimedJob: Decodable, LanedClaim {
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

    /// Each kind has its own, so that none waits for another.
    var lane: String { kind }

    package func decodePayload<Payload: Decodable>(as type: Payload.Type = Payload.self) throws -> Payload {
        try JSONDecoder.convene.decode(Payload.self, from: Data(payload.utf8))
    }
}

extension Queue {
    package static let lease = Duration.seconds(60)

    /// The refusal code of ``finish(_:)``: somebody else holds the job now, or it was cancelled.
    package static let lost = "job_lost"

    /// Takes jobs that are due, of each kind as many as there is room for, the most urgent and then the longest waiting
    /// first. No kind waits for another.
    static func claim(rooms: [String: Int]) -> SQL {
        let rooms = rooms.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        return """
            UPDATE queue_jobs SET state = 'running', attempts = attempts + 1, fence = fence + 1,
                lease_until = clock_timestamp() + \(lease)::interval, updated_at = now()
            WHERE id = ANY (ARRAY(
                SELECT d.id FROM unnest(\(rooms.map(\.key))::text[], \(rooms.map(\.value))::int[]) AS r (kind, room)
                CROSS JOIN LATERAL (
                    SELECT j.id FROM queue_jobs j
                    WHERE j.state = 'waiting' AND j.kind = r.kind AND j.run_at <= present()
                    ORDER BY j.priority DESC, j.run_at LIMIT r.room FOR UPDATE SKIP LOCKED) d))
            RETURNING id, organization_id, kind, key, payload, attempts, fence
            """
    }

    /// Lets go of a job that was not finished through no fault of its own: the next worker has it at once, and the
    /// attempt does not count. Touches no row when the job is lost.
    static func giveBack(_ job: ClaimedJob) -> SQL {
        """
        UPDATE queue_jobs SET state = 'waiting', attempts = attempts - 1, lease_until = NULL, updated_at = now()
        WHERE id = \(job.id) AND fence = \(job.fence) AND state = 'running'
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

    /// The attempt failed: again after `wait`, or never when it was the last or `isFinal`. Touches no row when the job is
    /// lost.
    static func fail(_ job: ClaimedJob, error: Explanation, again wait: Duration, isFinal: Bool = false) -> SQL {
        """
        UPDATE queue_jobs SET \(afterFailure("\(isFinal)")), run_at = present() + \(wait)::interval, last_error = \(JSON(error))
        WHERE id = \(job.id) AND fence = \(job.fence) AND state = 'running'
        """
    }

    /// After so many workers that did not come back, nobody is given the job any more.
    static let mostRescues = 5

    /// Frees what dead workers hold. What they seem to die of is dead itself.
    static let rescue: SQL = """
        UPDATE queue_jobs SET \(afterFailure("rescues + 1 >= \(mostRescues)::int")), rescues = rescues + 1,
            last_error = jsonb_build_object('code', \(JobReason.abandoned.rawValue)::text,
                                            'arguments', jsonb_build_object('times', rescues + 1))
        WHERE id IN (SELECT id FROM queue_jobs WHERE state = 'running' AND lease_until < clock_timestamp()
                     FOR UPDATE SKIP LOCKED)
        """

    private static func afterFailure(_ isFinal: SQL) -> SQL {
        let isOver: SQL = "(attempts >= max_attempts OR (\(isFinal))::boolean)"
        return """
            state = CASE WHEN \(isOver) THEN 'dead' ELSE 'waiting' END,
            finished_at = CASE WHEN \(isOver) THEN now() END,
            payload = CASE WHEN \(isOver) THEN \(withoutSecret) ELSE payload END, lease_until = NULL, updated_at = now()
            """
    }

    private static let withoutSecret: SQL =
        "CASE jsonb_typeof(payload) WHEN 'object' THEN payload - \(sealed)::text ELSE payload END"
}
