package import Access
package import Foundation
import Identity
package import Postgres
package import Values

/// What sessions there are in a member's name: those that they booked pass to another, those that they teach or attend
/// do not.
package struct SessionMemberships: MembershipObserver {
    package init() {}

    package func handOver(from user: UserID, to successor: UserID) -> [SQL] {
        SessionKind.allCases.map { kind in
            """
            UPDATE \(identifier: kind.table) SET created_by_counselor_id = \(successor)
            WHERE organization_id = app_org_id() AND created_by_counselor_id = \(user)
              AND status IN ('pending_meeting', 'scheduled', 'meeting_failed')
            """
        }
    }

    package func commitments(of user: UserID, exceptAs role: Role?, after now: Date) -> SQL {
        """
        SELECT s.id, s.kind, s.title, s.scheduled_at
        FROM all_sessions s
        WHERE s.organization_id = app_org_id() AND s.status IN ('pending_meeting', 'scheduled')
          AND s.scheduled_at + s.duration * interval '1 minute' > \(now)
          AND EXISTS (SELECT FROM calendar_slots c
                      WHERE c.session_id = s.id AND c.user_id = \(user) AND c.status = 'booked'
                        AND c.user_type IS DISTINCT FROM \(role)::text)
        ORDER BY s.scheduled_at, s.id LIMIT \(Commitment.most)
        """
    }
}
