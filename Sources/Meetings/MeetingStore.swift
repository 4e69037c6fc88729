import Foundation
package import Postgres
package import Values

/// The meetings table.
package enum MeetingStore {
    /// The row of a meeting that a provider has made.
    package static func record(
        _ meeting: ProvisionedMeeting, as id: MeetingID, at provider: ProviderName, time: TimeRange, owner: UserID,
        of organization: OrganizationID
    ) -> SQL {
        """
        INSERT INTO meetings (id, organization_id, meeting_no, meeting_provider, meeting_id, meeting_url,
            passcode, provider_host, owner_id, schedule_start_time, schedule_duration, provider_expires_at)
        VALUES (\(id), \(organization), \(meeting.number), \(provider), \(meeting.reference.id),
            \(meeting.joinURL), \(meeting.passcode), \(meeting.reference.host), \(owner), \(time.start),
            \(time.duration.wholeMinutes), \(meeting.expiresAt))
        """
    }

    /// Marks the session's meeting as cancelled, if it has one that has not begun.
    package static func cancel(heldFor session: SessionID) -> SQL {
        """
        UPDATE meetings SET status = 'cancelled', updated_at = now()
        WHERE status = 'scheduled' AND id IN (
            SELECT meeting_id FROM calendar_slots WHERE session_id = \(session) AND meeting_id IS NOT NULL)
        """
    }
}
