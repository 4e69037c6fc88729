-- I17 The address in people's calendars is the meeting's.
SELECT c.id::text AS slot_id, s.id::text AS session_id
FROM calendar_slots c
JOIN all_sessions s ON s.id = c.session_id AND s.kind = c.session_type
JOIN meetings m ON m.id = s.meeting_id
WHERE s.status = 'scheduled' AND c.status = 'booked'
  AND (c.metadata->>'meetingUrl' IS DISTINCT FROM m.meeting_url OR c.meeting_id IS DISTINCT FROM m.id)
