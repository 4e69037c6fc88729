package import Foundation
package import Postgres
package import Values

/// Sagas as rows: a value that says what to do next, when, and who is at it.
///
/// Whoever claims a saga holds it for ``lease``, by the database's clock. Each claim raises the fence, and every write
/// of a saga names the fence that it was claimed with: a worker that slept past its lease finds that its write
/// touches no row, and stops.
package struct Sagas: Sendable {
    package static let lease = Duration.seconds(60)

    /// A saga that this worker holds.
    package struct Claim: Decodable, Sendable {
        package let id: UUID
        package let organizationId: OrganizationID
        package let fence: Int
        /// The reducer's value as JSON.
        package let document: String

        package init(id: UUID, organizationId: OrganizationID, fence: Int, document: String) {
            self.id = id
            self.organizationId = organizationId
            self.fence = fence
            self.document = document
        }
    }

    /// Starts a saga that is due at once, in the transaction that makes what it is about.
    package static func start(
        _ id: UUID, kind: String, state: String, document: some Encodable & Sendable, at now: Date
    ) -> SQL {
        """
        INSERT INTO sagas (id, organization_id, kind, state, document, run_at)
        VALUES (\(id), app_org_id(), \(kind), \(state), \(JSON(document)), \(now))
        """
    }

    /// Takes up to `limit` sagas of `kind` that are due at `now` and that nobody holds, the longest waiting first.
    package static func claim(kind: String, at now: Date, limit: Int) -> SQL {
        """
        UPDATE sagas SET lease_until = clock_timestamp() + \(lease)::interval, fence = fence + 1
        WHERE id IN (SELECT id FROM sagas
                     WHERE kind = \(kind) AND run_at <= \(now)
                       AND (lease_until IS NULL OR lease_until < clock_timestamp())
                     ORDER BY run_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
        RETURNING id, organization_id, fence, document::text
        """
    }

    /// Writes the saga's new value, and with `runAt` gives it back until then; without, keeps it for another lease.
    /// Refuses with ``lost`` when it was claimed anew meanwhile, and so takes back all that stands beside it in the
    /// transaction.
    package static func write(
        _ claim: Claim, state: String, document: some Encodable & Sendable, then next: Next
    ) -> SQL {
        let (runAt, keeps): (SQL, Bool) =
            switch next {
            case .keep: ("run_at", true)
            case .wait(let until): ("\(until)::timestamptz", false)
            case .settle: ("NULL", false)
            }
        return """
            WITH written AS (
                UPDATE sagas SET state = \(state), document = \(JSON(document)), run_at = \(runAt),
                    lease_until = CASE WHEN \(keeps) THEN clock_timestamp() + \(lease)::interval END, updated_at = now()
                WHERE id = \(claim.id) AND fence = \(claim.fence) RETURNING 1)
            SELECT refuse(\(lost)) WHERE NOT EXISTS (SELECT FROM written)
            """
    }

    /// Lets go of a saga as it was last written, for whoever comes next; nothing when it was claimed anew meanwhile.
    package static func giveBack(_ claim: Claim) -> SQL {
        "UPDATE sagas SET lease_until = NULL WHERE id = \(claim.id) AND fence = \(claim.fence)"
    }

    /// Begins a settled saga anew; refuses with ``inOtherState`` when it is not in state `from`.
    package static func restart(
        _ id: UUID, from: String, state: String, document: some Encodable & Sendable, at now: Date
    ) -> SQL {
        """
        WITH restarted AS (
            UPDATE sagas SET state = \(state), document = \(JSON(document)), run_at = \(now), lease_until = NULL,
                fence = fence + 1, updated_at = now()
            WHERE id = \(id) AND state = \(from) RETURNING 1)
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
        UPDATE sagas SET state = \(state), document = \(JSON(document)), run_at = \(now), updated_at = now()
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

    /// The refusal code of ``write(_:state:document:then:)``.
    package static let lost = "saga_lost"
}
