-- I11 An id is that of one session, of one kind.
SELECT id::text AS session_id, string_agg(kind, ', ' ORDER BY kind) AS kinds
FROM all_sessions
GROUP BY id
HAVING count(*) > 1
