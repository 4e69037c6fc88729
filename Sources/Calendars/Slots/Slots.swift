package import Access
import Foundation
package import Postgres
package import Values

/// People's occupied time. The table's exclusion constraint is the one place where overlap is decided, so of any
/// number of bookings at once only one succeeds.
package enum Slots {
    /// What a slot is taken for.
    package struct SlotPurpose: Sendable {
        package let session: SessionID
        /// One of the session kinds, or `event`, `group_session`, `external`.
        package let kind: String
        package let title: String
        package let time: TimeRange

        package init(session: SessionID, kind: String, title: String, time: TimeRange) {
            self.session = session
            self.kind = kind
            self.title = title
            self.time = time
        }
    }

    /// One person's part in a purpose.
    package struct Participant: Sendable, Hashable {
        package let slot: SlotID
        package let user: UserID
        package let role: Role

        package init(slot: SlotID, user: UserID, role: Role) {
            self.slot = slot
            self.user = user
            self.role = role
        }
    }

    /// Keeps everybody in `participants`, and who asks, in the organization and in their roles until the transaction ends:
    /// whoever takes one of them out waits, and then finds the slots; whoever came first is seen by ``reserve(_:for:)``.
    /// Refuses when the one who asks has left or lost their role meanwhile.
    package static func keepMembers(in participants: [Participant]) -> SQL {
        // The aggregate reads, and so locks, every row.
        """
        WITH kept AS MATERIALIZED (
            SELECT m.user_id, m.role, m.left_at FROM memberships m
            WHERE m.organization_id = app_org_id() AND m.user_id = ANY (\(participants.map(\.user))::uuid[] || app_user_id())
            ORDER BY m.user_id FOR SHARE OF m)
        SELECT refuse(CASE WHEN bool_or(user_id = app_user_id() AND left_at IS NULL) THEN 'forbidden'
                           ELSE 'not_a_member' END)
        FROM kept
        HAVING bool_or(user_id = app_user_id() AND left_at IS NULL AND role = app_role()) IS NOT TRUE
        """
    }

    /// The refusal code of ``reserve(_:for:)``.
    package static let notTaken = "slots_not_taken"

    /// Takes `purpose.time` in the calendar of everybody in `participants`, the provider first; refuses with ``notTaken``
    /// when somebody is booked then, or is not in the organization with that role: ``Availability/conflicts(for:at:as:)``
    /// tells which. After ``keepMembers(in:)``.
    package static func reserve(_ purpose: SlotPurpose, for participants: [Participant]) -> SQL {
        // Sorted, and with ON CONFLICT: two bookings of the same people wait for each other in one order. A plain
        // INSERT deadlocks here, since an exclusion constraint inserts first and checks after.
        """
        WITH participants AS (
            SELECT * FROM unnest(\(participants.map(\.slot))::uuid[], \(participants.map(\.user))::uuid[], \(participants.map(\.role))::text[])
                WITH ORDINALITY AS participant (slot_id, user_id, role, place)),
        people AS (
            SELECT participants.*, u.name FROM participants
            JOIN memberships m ON m.organization_id = app_org_id() AND m.user_id = participants.user_id
                AND m.role = participants.role AND m.left_at IS NULL
            JOIN users u ON u.id = participants.user_id),
        taken AS (
            INSERT INTO calendar_slots (id, organization_id, user_id, user_type, session_id, session_type, title,
                scheduled_start_time, time_range, duration_minutes, metadata)
            SELECT p.slot_id, app_org_id(), p.user_id, p.role, \(purpose.session), \(purpose.kind), \(purpose.title),
                   \(purpose.time.start), \(purpose.time)::tstzrange, \(purpose.time.duration.wholeMinutes),
                   jsonb_build_object('otherPartyName', (
                       SELECT string_agg(o.name, ', ' ORDER BY o.place) FROM people o
                       WHERE CASE WHEN p.place = 1 THEN o.place BETWEEN 2 AND 4 ELSE o.place = 1 END))
            FROM people p ORDER BY p.user_id
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT refuse(\(notTaken)) FROM taken HAVING count(*) <> \(participants.count)
        """
    }

    /// Gives the session's time back to everybody. Idempotent.
    package static func cancel(session: SessionID) -> SQL {
        """
        UPDATE calendar_slots SET status = 'cancelled', updated_at = now()
        WHERE status = 'booked' AND id IN (
            SELECT id FROM calendar_slots WHERE session_id = \(session) AND status = 'booked'
            ORDER BY user_id FOR UPDATE)
        """
    }

    /// Tells the slots where the session is held.
    package static func attach(meeting: MeetingID, url: String, to session: SessionID) -> SQL {
        """
        UPDATE calendar_slots SET meeting_id = \(meeting),
            metadata = metadata || jsonb_build_object('meetingUrl', \(url)::text), updated_at = now()
        WHERE session_id = \(session) AND status = 'booked'
        """
    }
}
