-- I05 A scheduled session has a meeting with an address at its own time, one that waits or failed has none.
SELECT s.id::text AS session_id, s.status, m.id::text AS meeting_id, m.status AS meeting_status
FROM all_sessions s
LEFT JOIN meetings m ON m.id = s.meeting_id
WHERE (s.status = 'scheduled'
       AND (m.id IS NULL OR m.status = 'cancelled' OR m.meeting_url = '' OR m.schedule_start_time <> s.scheduled_at
            OR m.schedule_duration <> s.duration OR m.organization_id <> s.organization_id))
   OR (s.status IN ('pending_meeting', 'meeting_failed') AND s.meeting_id IS NOT NULL)
