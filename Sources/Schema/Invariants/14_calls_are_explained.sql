-- I14 Every call to a provider is explained within a day, and a try at a meeting has left one meeting at most.
-- An hour more than the day, for the last look to be taken.
SELECT c.saga_id::text AS session_id, c.id::text AS call_id, c.status, c.external_id
FROM provider_calls c
WHERE c.status IN ('intended', 'unknown') AND c.intended_at < now() - interval '25 hours'
  -- A search changes nothing, and a cancel may be sent until it is answered.
  AND c.operation <> 'find'
  AND NOT (c.operation = 'cancel' AND EXISTS (
      SELECT FROM provider_calls again
      WHERE again.saga_id = c.saga_id AND again.operation = 'cancel' AND again.external_id = c.external_id
        AND again.status = 'succeeded'))
  AND NOT EXISTS (SELECT FROM manual_interventions i WHERE i.saga_id = c.saga_id)
UNION ALL
SELECT m.saga_id::text, NULL, 'generation ' || m.generation, string_agg(DISTINCT m.external_id, ', ')
FROM provider_calls m
WHERE m.operation IN ('create', 'find') AND m.status = 'succeeded' AND m.external_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM provider_calls cancelled
                  WHERE cancelled.saga_id = m.saga_id AND cancelled.operation = 'cancel'
                    AND cancelled.external_id = m.external_id AND cancelled.status = 'succeeded')
  AND NOT EXISTS (SELECT FROM queue_jobs j
                  WHERE j.kind = 'reconcile_call' AND j.state IN ('waiting', 'running')
                    AND j.payload->>'call' = m.id::text)
  AND NOT EXISTS (SELECT FROM manual_interventions i WHERE i.saga_id = m.saga_id)
GROUP BY m.saga_id, m.generation
HAVING count(DISTINCT m.external_id) > 1
