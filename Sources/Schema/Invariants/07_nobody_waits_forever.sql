-- I07 No session waits for its meeting for more than 16 minutes, unless somebody was asked to look at it.
SELECT s.id::text AS session_id, s.updated_at::text
FROM all_sessions s
WHERE s.status = 'pending_meeting' AND s.updated_at < now() - interval '16 minutes'
  AND NOT EXISTS (SELECT FROM manual_interventions i WHERE i.saga_id = s.id AND i.closed_at IS NULL)
