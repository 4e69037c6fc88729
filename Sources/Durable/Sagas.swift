package import Foundation
package import Postgres
package import Values

/// Sagas as rows: a value that says what to do next, when, and who is at it.
///
/// Whoever claims a saga holds it for ``lease``. Each claim raises the fence, and every write of a saga names the fence
/// that it was claimed with: a worker that slept past its lease finds that its write touches no row, and stops.
///
/// What is due, and whose time is up, the database's clock says, so that no server's own clock delays a saga. Times
/// that a document holds are read by the clock of whoever wrote it: statements take that `now` beside the document.
package struct Sagas: Sendable {
    package static let gauges = [
        DatabaseGauge(
            "convene_sagas_due", "Sagas that are due.",
            query: "SELECT count(*)::float8 FROM sagas WHERE run_at <= present()"),
        DatabaseGauge(
            "convene_sagas_oldest_due_seconds", "How long the longest waiting of them has been due.",
            query: """
                SELECT coalesce(extract(epoch FROM present() - min(run_at)), 0)::float8
                FROM sagas WHERE run_at <= present()
                """),
    ]

    package static let lease = Duration.seconds(60)

    /// How many claims may come to nothing (the worker died or failed) before a saga is to be set aside.
    package static let mostClaims = 5

    /// A saga that this worker holds.
    package struct Claim: Decodable, LanedClaim {
        package let id: UUID
        package let organizationId: OrganizationID
        package let kind: String
        package let fence: Int
        package let state: String
        /// The reducer's value as JSON.
        package let document: String
        /// Whose account at the provider it waits for.
        package let lane: String
        /// When it is given up; `nil`: what the document says.
        package let deadline: Date?
        /// This one and those since the last progress from which nobody came back.
        package let claims: Int
        /// The database's time of the claim.
        package let claimedAt: Date

        /// Whether workers have died of it, or failed at it, too often.
        package var isHopeless: Bool { claims > Sagas.mostClaims }
    }

    /// How many sagas may be taken for an account.
    package struct Room: Sendable {
        package let lane: String
        package let count: Int

        package init(lane: String, count: Int) {
            self.lane = lane
            self.count = count
        }
    }

    /// Starts a saga that is due at once, in the transaction that makes what it is about.
    package static func start(
        _ id: UUID, kind: String, state: String, document: some Encodable & Sendable, at now: Date
    ) -> SQL {
        """
        WITH given AS (SELECT \(JSON(document))::jsonb AS document)
        INSERT INTO sagas (id, organization_id, kind, state, document, run_at, lane, deadline)
        SELECT \(id), app_org_id(), \(kind), \(state), document, present(),
               lane_of(app_org_id(), document->>'provider'), \(deadline(writtenAt: now))
        FROM given
        """
    }

    /// As far from the database's present as the document says that it is from `now`.
    private static func deadline(writtenAt now: Date) -> SQL {
        "present() + ((document->>'deadline')::timestamptz - \(now)::timestamptz)"
    }

    /// Takes up to `limit` sagas of `kinds` that are due and that nobody holds. Each lane gives as many as it has room
    /// for, the longest waiting first, so that those who wait for one account stand in nobody else's way. Whoever's
    /// deadline is over is taken all the same: giving up asks nobody.
    /// - Parameters:
    ///   - rooms: of the lanes where something is at work or amiss.
    ///   - usual: of every other lane.
    package static func claim(kinds: [String], rooms: [Room], usual: Int, limit: Int) -> SQL {
        """
        WITH RECURSIVE lanes AS (
            SELECT min(lane) AS lane FROM sagas WHERE run_at IS NOT NULL
            UNION ALL
            SELECT (SELECT min(s.lane) FROM sagas s WHERE s.run_at IS NOT NULL AND s.lane > l.lane)
            FROM lanes l WHERE l.lane IS NOT NULL),
        rooms AS (
            SELECT * FROM unnest(\(rooms.map(\.lane))::text[], \(rooms.map(\.count))::int[]) AS r (lane, room)),
        due AS (
            SELECT d.id, d.run_at, row_number() OVER (PARTITION BY l.lane ORDER BY d.run_at) AS place
            FROM lanes l LEFT JOIN rooms r ON r.lane = l.lane
            CROSS JOIN LATERAL (
                SELECT s.id, s.run_at FROM sagas s
                WHERE s.lane = l.lane AND s.kind = ANY (\(kinds)::text[]) AND s.run_at <= present()
                  AND (s.lease_until IS NULL OR s.lease_until < clock_timestamp())
                  AND (coalesce(r.room, \(usual)::int) > 0 OR s.deadline <= present())
                ORDER BY s.run_at
                LIMIT CASE WHEN coalesce(r.room, \(usual)::int) > 0 THEN coalesce(r.room, \(usual)::int) ELSE 8 END
                FOR UPDATE SKIP LOCKED) d
            WHERE l.lane IS NOT NULL)
        \(take)
        WHERE id = ANY (ARRAY(SELECT id FROM due ORDER BY place, run_at LIMIT \(limit)))
        \(taken)
        """
    }

    /// Takes one saga, if it is due, from whoever holds it: for who knows that nobody is at work on it any more.
    package static func claim(_ id: UUID) -> SQL {
        """
        \(take)
        WHERE id = \(id) AND run_at <= present()
        \(taken)
        """
    }

    private static var take: SQL {
        "UPDATE sagas SET lease_until = clock_timestamp() + \(lease)::interval, fence = fence + 1, claims = claims + 1"
    }

    private static let taken: SQL =
        "RETURNING id, organization_id, kind, fence, state, document::text, lane, deadline, claims, present() AS claimed_at"

    /// Writes the saga's new value, and with `runAt` gives it back until then; without, keeps it for another lease.
    /// Refuses with ``lost`` when it was claimed anew meanwhile, and so takes back all that stands beside it in the
    /// transaction.
    /// - Parameter isProgress: Whether it has come further than anybody before; claims are counted anew then.
    package static func write(
        _ claim: Claim, state: String, document: some Encodable & Sendable, isProgress: Bool, then next: Next
    ) -> SQL {
        let (runAt, keeps): (SQL, Bool) =
            switch next {
            case .keep: ("run_at", true)
            case .wait(let until): ("\(until)::timestamptz", false)
            case .settle: ("NULL", false)
            }
        return """
            WITH given AS (SELECT \(JSON(document))::jsonb AS document), written AS (
                UPDATE sagas SET state = \(state), document = given.document, run_at = \(runAt),
                    lane = lane_of(organization_id, given.document->>'provider'),
                    claims = CASE WHEN \(isProgress) THEN \(keeps ? 1 : 0)::int ELSE greatest(claims - \(keeps ? 0 : 1)::int, 0) END,
                    lease_until = CASE WHEN \(keeps) THEN clock_timestamp() + \(lease)::interval END, updated_at = now()
                FROM given WHERE id = \(claim.id) AND fence = \(claim.fence) RETURNING 1)
            SELECT refuse(\(lost)) WHERE NOT EXISTS (SELECT FROM written)
            """
    }

    /// Lets go of a saga as it was last written, for whoever comes next; nothing when it was claimed anew meanwhile.
    package static func giveBack(_ claim: Claim) -> SQL {
        """
        UPDATE sagas SET lease_until = NULL, claims = greatest(claims - 1, 0)
        WHERE id = \(claim.id) AND fence = \(claim.fence)
        """
    }

    /// Lets go of a saga that could not be moved on, for longer each time; the claim counts. Never past the moment at
    /// which it is given up, where that is still to come.
    package static func giveBackFailed(_ claim: Claim, after wait: Duration) -> SQL {
        """
        UPDATE sagas SET lease_until = NULL,
            run_at = CASE WHEN deadline > present() THEN least(deadline, present() + \(wait)::interval)
                     ELSE present() + \(wait)::interval END
        WHERE id = \(claim.id) AND fence = \(claim.fence)
        """
    }

    /// Begins a settled saga anew; refuses with ``inOtherState`` when it is not in state `from`.
    package static func restart(
        _ id: UUID, from: String, state: String, document: some Encodable & Sendable, at now: Date
    ) -> SQL {
        """
        WITH given AS (SELECT \(JSON(document))::jsonb AS document), restarted AS (
            UPDATE sagas SET state = \(state), document = given.document, run_at = present(), lease_until = NULL,
                lane = lane_of(organization_id, given.document->>'provider'), claims = 0,
                deadline = present() + ((given.document->>'deadline')::timestamptz - \(now)::timestamptz),
                fence = fence + 1, updated_at = now()
            FROM given WHERE id = \(id) AND state = \(from) RETURNING 1)
        SELECT refuse(\(inOtherState)) WHERE NOT EXISTS (SELECT FROM restarted)
        """
    }

    /// Takes the saga from whoever holds it, until the transaction ends, and reads its document.
    package static func seize(_ id: UUID) -> SQL {
        "UPDATE sagas SET fence = fence + 1, lease_until = NULL WHERE id = \(id) RETURNING document::text"
    }

    /// Writes a saga that was seized, due at once.
    package static func resume(_ id: UUID, state: String, document: some Encodable & Sendable, at now: Date) -> SQL {
        """
        UPDATE sagas SET state = \(state), document = \(JSON(document)), run_at = present(), claims = 0,
            updated_at = now()
        WHERE id = \(id)
        """
    }

    /// The refusal code of ``restart(_:from:state:document:at:)``.
    package static let inOtherState = "saga_in_other_state"

    package enum Next: Sendable, Equatable {
        /// More follows at once.
        case keep
        case wait(until: Date)
        /// There is nothing left to do.
        case settle
    }

    /// The refusal code of ``write(_:state:document:isProgress:then:)``.
    package static let lost = "saga_lost"
}
