-- I23 The audit log is whole, in its order and as it was written: every chain's hashes follow from its entries, to the head.
WITH chains AS (
    SELECT *, row_number() OVER chain AS expected_number, audit_chain(audit_genesis(), entry) OVER chain AS expected_hash
    FROM audit_logs
    WINDOW chain AS (PARTITION BY organization_id ORDER BY number ROWS UNBOUNDED PRECEDING)),
ends AS (
    SELECT DISTINCT ON (organization_id) organization_id, number, hash FROM audit_logs
    ORDER BY organization_id, number DESC)
SELECT 'entry' AS thing, organization_id::text, number::text
FROM chains
WHERE number <> expected_number OR hash <> expected_hash
   -- What is searched for is what was hashed.
   OR (organization_id, at, actor_id, action, subject_type, subject_id) IS DISTINCT FROM
      (coalesce((entry::jsonb ->> 'organizationId')::uuid, '00000000-0000-0000-0000-000000000000'),
       (entry::jsonb ->> 'at')::timestamptz, (entry::jsonb ->> 'actor')::uuid, entry::jsonb ->> 'action',
       entry::jsonb ->> 'subjectType', entry::jsonb ->> 'subjectId')
UNION ALL
SELECT 'head', coalesce(e.organization_id, h.organization_id)::text, e.number::text
FROM ends e FULL JOIN audit_heads h ON h.organization_id = e.organization_id
WHERE (e.number, e.hash) IS DISTINCT FROM (h.number, h.hash)
UNION ALL
-- A chain that is gone altogether has left its places.
SELECT 'position', NULL, max(position)::text
FROM audit_logs
HAVING max(position) <> count(*)
