-- Gives the audit log's entries their numbers and hashes.

-- The hashes of a chain's entries in their order; `head` is the hash before the first of them.
CREATE OR REPLACE FUNCTION audit_link(hash bytea, head bytea, entry text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(coalesce(hash, head) || convert_to(entry, 'UTF8'));
CREATE OR REPLACE AGGREGATE audit_chain(head bytea, entry text) (SFUNC = audit_link, STYPE = bytea);

CREATE OR REPLACE FUNCTION audit_genesis() RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode(repeat('00', 32), 'hex');

-- Gives committed entries their numbers and hashes, at most `most` of them. One call works at a time; another that
-- comes meanwhile does nothing.
CREATE OR REPLACE FUNCTION chain_audit(most int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chained int;
BEGIN
    -- Each statement here has a snapshot of its own: the second one's is younger than the lock, and so sees all that
    -- was chained before.
    IF NOT pg_try_advisory_xact_lock(hashtext('convene audit')) THEN
        RETURN 0;
    END IF;
    WITH batch AS (
        DELETE FROM audit_entries WHERE id IN (SELECT id FROM audit_entries ORDER BY id LIMIT most) RETURNING *),
    added AS (
        INSERT INTO audit_logs (position, organization_id, number, entry, hash, at, actor_id, action, subject_type,
            subject_id)
        SELECT (SELECT coalesce(max(position), 0) FROM audit_logs) + row_number() OVER (ORDER BY b.id),
               b.organization_id, coalesce(h.number, 0) + row_number() OVER chain, b.entry,
               audit_chain(coalesce(h.hash, audit_genesis()), b.entry) OVER chain,
               (j.entry ->> 'at')::timestamptz, (j.entry ->> 'actor')::uuid, j.entry ->> 'action',
               j.entry ->> 'subjectType', j.entry ->> 'subjectId'
        FROM batch b LEFT JOIN audit_heads h USING (organization_id), LATERAL (SELECT b.entry::jsonb AS entry) j
        WINDOW chain AS (PARTITION BY b.organization_id ORDER BY b.id ROWS UNBOUNDED PRECEDING)
        RETURNING organization_id, number, hash),
    heads AS (
        INSERT INTO audit_heads AS head (organization_id, number, hash)
        SELECT DISTINCT ON (organization_id) organization_id, number, hash FROM added
        ORDER BY organization_id, number DESC
        ON CONFLICT (organization_id) DO UPDATE SET number = excluded.number, hash = excluded.hash)
    SELECT count(*) INTO chained FROM added;
    RETURN chained;
END $$;

CALL entrust('chain_audit(int)', 'convene_auditor', '{convene_worker}');
