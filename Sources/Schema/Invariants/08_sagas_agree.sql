-- I08 Every session has its saga and every saga its session, and the two agree on where it stands.
SELECT coalesce(s.id, g.id)::text AS session_id, s.status, g.state AS saga_state
FROM all_sessions s
FULL JOIN sagas g ON g.id = s.id
WHERE (g.kind IS NULL OR g.kind = 'session_meeting')
  AND (g.state, s.status) IN (
    ('meeting_pending', 'pending_meeting'), ('reconcile', 'pending_meeting'), ('recorded', 'pending_meeting'),
    ('scheduled', 'scheduled'), ('scheduled', 'completed'), ('failed', 'meeting_failed'), ('cancelled', 'cancelled'),
    ('cleanup', 'meeting_failed'), ('cleanup', 'cancelled')) IS NOT TRUE
