-- I12 Every session was told of once, and the end of each try at its meeting once.
-- What the feed has forgotten since cannot be counted: too few are a fault only after its oldest event.
WITH events AS (
    SELECT aggregate_id, type, payload FROM outbox_events
    UNION ALL
    SELECT aggregate_id, type, payload FROM event_feed),
counted AS (
    SELECT aggregate_id,
           count(*) FILTER (WHERE type LIKE '%.session.created') AS created,
           count(*) FILTER (WHERE type LIKE '%.session.meeting.operation.result'
                            AND payload->>'operation' = 'create') AS results
    FROM events GROUP BY aggregate_id),
remembered AS (
    SELECT coalesce((SELECT min(recorded_at) FROM event_feed HAVING min(position) > 1), '-infinity') AS since),
expected AS (
    SELECT g.id, g.created_at, (g.document->>'generation')::int AS generation,
           g.state IN ('scheduled', 'failed') OR (g.state = 'cleanup' AND g.document->>'ending' = 'failed') AS ended,
           g.state IN ('meeting_pending', 'reconcile', 'recorded') AS pending
    FROM sagas g WHERE g.kind = 'session_meeting')
SELECT e.id::text AS session_id, e.generation::text, coalesce(c.created, 0)::text AS created,
       coalesce(c.results, 0)::text AS results
FROM expected e CROSS JOIN remembered r
LEFT JOIN counted c ON c.aggregate_id = e.id
WHERE c.created > 1
   OR c.results > CASE WHEN e.pending THEN e.generation - 1 ELSE e.generation END
   OR (e.created_at >= r.since
       AND (coalesce(c.created, 0) < 1
            OR coalesce(c.results, 0) < CASE WHEN e.ended THEN e.generation ELSE e.generation - 1 END))
