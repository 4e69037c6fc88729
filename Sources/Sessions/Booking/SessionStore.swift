import Calendars
import Foundation
import Postgres
import Provisioning
import Values

/// The tables of sessions, written through each kind's description.
enum SessionStore {
    static func insert(_ booking: Booking, id: SessionID, provider: ProviderName, at now: Date) -> [SQL] {
        let kind = booking.kind
        var columns: [(name: String, value: any SQLBindable)] = [
            (kind.providerColumn, booking.provider)
        ]
        if !kind.hasRoster, let student = booking.students.first { columns.append(("student_user_id", student)) }
        if let description = booking.description { columns.append(("description", description)) }
        columns += booking.details.columns
        let names = SQL.joined(columns.map { "\(identifier: $0.name)" }, separator: ", ")
        let values = SQL.joined(columns.map { "\($0.value)" }, separator: ", ")
        let session: SQL = """
            INSERT INTO \(identifier: kind.table) (id, organization_id, created_by_counselor_id, meeting_provider,
                title, scheduled_at, duration, created_at, updated_at, \(names))
            VALUES (\(id), app_org_id(), app_user_id(), \(provider), \(booking.title), \(booking.time.start),
                \(booking.time.duration.wholeMinutes), \(now), \(now), \(values))
            """
        guard kind.hasRoster else { return [session] }
        return [
            session,
            """
            INSERT INTO \(identifier: kind.rosterTable)
                (id, organization_id, \(identifier: kind.rosterColumn), student_user_id)
            SELECT gen_random_uuid(), app_org_id(), \(id), student FROM unnest(\(booking.students)::uuid[]) AS student
            """,
        ]
    }

    /// The refusal code of the changes below: the session is not in the state that they start from.
    static let wrongState = "session_in_other_state"

    static func schedule(_ id: SessionID, of kind: SessionKind, meeting: MeetingID) -> SQL {
        change(id, of: kind, from: [.pendingMeeting], set: "status = 'scheduled', meeting_id = \(meeting)")
    }

    static func fail(_ id: SessionID, of kind: SessionKind, failure: MeetingFailure) -> SQL {
        change(id, of: kind, from: [.pendingMeeting], set: "status = 'meeting_failed', failure = \(JSON(failure))")
    }

    static func reopen(_ id: SessionID, of kind: SessionKind) -> SQL {
        change(id, of: kind, from: [.meetingFailed], set: "status = 'pending_meeting', failure = NULL")
    }

    /// The refusal code of ``cancel(_:of:at:)`` for a session whose time has ended: what took place is not undone, and
    /// its units stay spent.
    static let isOver = "session_is_over"

    /// By the database's clock, so that a server whose own is slow cannot cancel what is over.
    static func cancel(_ id: SessionID, of kind: SessionKind, at now: Date) -> SQL {
        """
        WITH changed AS (
            UPDATE \(identifier: kind.table)
            SET status = 'cancelled', cancelled_at = \(now), failure = NULL, updated_at = now()
            WHERE id = \(id) AND status IN ('pending_meeting', 'scheduled', 'meeting_failed')
              AND scheduled_at + duration * interval '1 minute' > clock_timestamp()
            RETURNING 1)
        SELECT refuse(CASE WHEN s.status IN ('pending_meeting', 'scheduled', 'meeting_failed') THEN \(isOver)
                           ELSE \(wrongState) END)
        FROM \(identifier: kind.table) s WHERE s.id = \(id) AND NOT EXISTS (SELECT FROM changed)
        """
    }

    private static func change(
        _ id: SessionID, of kind: SessionKind, from states: [SessionStatus], set changes: SQL
    ) -> SQL {
        """
        WITH changed AS (
            UPDATE \(identifier: kind.table) SET \(changes), updated_at = now()
            WHERE id = \(id) AND status = ANY (\(states)::text[]) RETURNING 1)
        SELECT refuse(\(wrongState)) WHERE NOT EXISTS (SELECT FROM changed)
        """
    }
}
