-- I06 Every meeting that is not over belongs to exactly one session.
SELECT m.id::text AS meeting_id, count(s.id)::text AS sessions
FROM meetings m
LEFT JOIN all_sessions s ON s.meeting_id = m.id AND s.status IN ('scheduled', 'completed')
WHERE m.status IN ('scheduled', 'active')
GROUP BY m.id
HAVING count(s.id) <> 1
