-- I04 A session to be held has exactly one booked slot in the calendar of each of its people, at its own time.
SELECT p.id::text AS session_id, p.user_id::text, count(c.id)::text AS slots
FROM (SELECT s.id, s.kind, s.scheduled_at, s.duration, u.user_id
      FROM all_sessions s, unnest(s.provider_user_id || s.student_user_ids) AS u (user_id)
      WHERE s.status IN ('pending_meeting', 'scheduled')) p
LEFT JOIN calendar_slots c ON c.session_id = p.id AND c.session_type = p.kind AND c.user_id = p.user_id
    AND c.status = 'booked' AND c.scheduled_start_time = p.scheduled_at AND c.duration_minutes = p.duration
GROUP BY p.id, p.user_id
HAVING count(c.id) <> 1
