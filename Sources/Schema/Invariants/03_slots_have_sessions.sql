-- I03 No time is booked for a session that is not to be held, or not in the same organization.
SELECT c.id::text AS slot_id, c.session_id::text, s.status
FROM calendar_slots c
LEFT JOIN all_sessions s ON s.id = c.session_id AND s.kind = c.session_type AND s.organization_id = c.organization_id
WHERE c.status = 'booked' AND c.session_type NOT IN ('event', 'group_session', 'external')
  AND (s.id IS NULL OR s.status NOT IN ('pending_meeting', 'scheduled'))
