package import Foundation
package import Postgres
package import Values

/// Units of students' contracts that upcoming sessions have reserved.
package enum Holds {
    /// The refusal code of ``place(_:of:for:session:at:)``.
    package static let insufficient = "insufficient_units"

    /// Holds `units` for each of `students` on a running contract that has so many left, the one that ends first;
    /// refuses with ``insufficient`` when one of them has none. Two bookings cannot hold the same unit: the second
    /// waits for the first and looks at what is left then. Holds nothing where the organization bills no units.
    ///
    /// - Parameter service: a session kind or another service of the catalog.
    package static func place(
        _ units: Decimal, of service: String, for students: [UserID], session: SessionID, at now: Date
    ) -> SQL {
        // Locked by student and then by id, as wherever several are locked: two class bookings with the same students
        // wait for each other one way only, and so does giving back. Whoever waited looks again at what is left, and
        // takes the next contract when this one is used up.
        """
        WITH billing AS MATERIALIZED (
            SELECT id FROM organizations WHERE id = app_org_id() AND billed_from <= \(now)::timestamptz),
        enough AS MATERIALIZED (
            SELECT e.id, e.student_user_id, c.ends_on
            FROM billing b JOIN contract_entitlements e ON e.organization_id = b.id
            JOIN contracts c ON c.id = e.contract_id
            WHERE e.student_user_id = ANY (\(students)::uuid[])
              AND e.service_type = \(service) AND e.total - e.held - e.consumed >= \(units)::numeric
              AND c.starts_on <= \(now)::timestamptz AND (c.ends_on IS NULL OR c.ends_on >= (\(now)::timestamptz)::date)
            ORDER BY e.student_user_id, e.id FOR UPDATE OF e),
        chosen AS (
            SELECT DISTINCT ON (student_user_id) id FROM enough ORDER BY student_user_id, ends_on, id),
        taken AS (
            UPDATE contract_entitlements e SET held = e.held + \(units)::numeric, updated_at = now()
            FROM chosen WHERE e.id = chosen.id RETURNING e.id),
        placed AS (
            INSERT INTO service_holds (id, organization_id, entitlement_id, session_id, units)
            SELECT gen_random_uuid(), app_org_id(), taken.id, \(session), \(units)::numeric FROM taken RETURNING 1)
        SELECT refuse(\(insufficient)) FROM placed
            HAVING count(*) <> \(students.count) AND EXISTS (SELECT FROM billing)
        """
    }

    /// Gives back what `session` holds. Idempotent.
    package static func release(session: SessionID, reason: String) -> SQL {
        """
        WITH locked AS MATERIALIZED (
            SELECT e.id FROM contract_entitlements e
            WHERE e.id IN (SELECT entitlement_id FROM service_holds WHERE session_id = \(session) AND status = 'held')
            ORDER BY e.student_user_id, e.id FOR UPDATE OF e),
        released AS (
            UPDATE service_holds SET status = 'released', released_reason = \(reason), updated_at = now()
            WHERE session_id = \(session) AND status = 'held' AND entitlement_id IN (SELECT id FROM locked)
            RETURNING entitlement_id, units)
        UPDATE contract_entitlements e SET held = e.held - r.units, updated_at = now()
        FROM (SELECT entitlement_id, sum(units) AS units FROM released GROUP BY entitlement_id) r
        WHERE e.id = r.entitlement_id
        """
    }
}
