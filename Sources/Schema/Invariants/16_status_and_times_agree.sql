-- I16 A session says when it was completed or cancelled, and why it failed, if that is what it was, and only then.
SELECT id::text AS session_id, status, completed_at::text, cancelled_at::text
FROM all_sessions
WHERE (status = 'completed') <> (completed_at IS NOT NULL)
   OR (status = 'cancelled') <> (cancelled_at IS NOT NULL)
   OR (status = 'meeting_failed') <> (failure IS NOT NULL)
