-- I18 No job or saga stays with a worker that is gone, and none that has something left to do is without a date. A saga
-- whose provider does not answer may wait in line until it is given up after a quarter of an hour.
SELECT 'queue_jobs' AS table_name, id::text AS row_id, state, lease_until::text
FROM queue_jobs
WHERE state = 'running' AND lease_until < now() - interval '2 minutes'
UNION ALL
SELECT 'sagas', id::text, state, lease_until::text
FROM sagas
WHERE lease_until < now() - interval '2 minutes'
   OR (lease_until IS NULL AND run_at < now() - interval '20 minutes')
   OR (run_at IS NULL AND state NOT IN ('scheduled', 'failed', 'cancelled'))
