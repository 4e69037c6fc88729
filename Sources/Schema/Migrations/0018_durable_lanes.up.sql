-- The one clock by which is decided what is due, what is over and what is too old: whatever the clocks of the servers
-- say. A function of our own, so that a test can move it. (Leases are not moved: they guard against what is now.)
-- Stable, so that an index is used for what is compared with it.
CREATE FUNCTION present() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN statement_timestamp();

-- Whose account at a provider something goes through: the organization's own, or the installation's. What shares an
-- account waits for it together, and for nobody else.
CREATE FUNCTION lane_of(organization uuid, provider_name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(provider_name, '') || coalesce((
        SELECT '/' || c.organization_id FROM provider_credentials c
        WHERE c.organization_id = organization AND c.provider = provider_name), '');
END;

ALTER TABLE sagas
    ADD COLUMN lane     text NOT NULL DEFAULT '',
    -- By this database's clock; the document's own is a copy. NULL: written before there was such a column.
    ADD COLUMN deadline timestamptz,
    -- Since the last progress, those from which no worker came back in good order: it died, or failed.
    ADD COLUMN claims   int NOT NULL DEFAULT 0;
CREATE INDEX sagas_lane_idx ON sagas (lane, run_at) WHERE run_at IS NOT NULL;

-- How often a worker that had it did not come back.
ALTER TABLE queue_jobs ADD COLUMN rescues int NOT NULL DEFAULT 0;
DROP INDEX queue_jobs_due_idx;
CREATE INDEX queue_jobs_due_idx ON queue_jobs (kind, priority DESC, run_at) WHERE state = 'waiting';

-- For what is cleared by its age, and for counting the dead.
CREATE INDEX queue_jobs_finished_idx ON queue_jobs (finished_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX queue_jobs_dead_idx ON queue_jobs (finished_at) WHERE state = 'dead';
CREATE INDEX event_feed_recorded_at_idx ON event_feed (recorded_at);
CREATE INDEX sign_in_links_expires_at_idx ON sign_in_links (expires_at);
CREATE INDEX sign_ins_over_idx ON sign_ins (least(ended_at, expires_at));
CREATE INDEX spent_refresh_tokens_spent_at_idx ON spent_refresh_tokens (spent_at);
CREATE INDEX invitations_founding_idx ON invitations (expires_at) WHERE founds IS NOT NULL AND accepted_at IS NULL;
CREATE POLICY worker ON spent_refresh_tokens TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON spent_refresh_tokens TO convene_worker;

-- An invitation whose mail was given up: whoever invited is to know.
ALTER TABLE invitations
    ADD COLUMN delivery_failed_at timestamptz,
    ADD COLUMN delivery_failure   text;

-- However a job ends for good: refused, tried too often, or because no worker survived it.
CREATE FUNCTION note_undelivered() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE invitations SET delivery_failed_at = now(), delivery_failure = NEW.last_error
    WHERE id::text = NEW.payload ->> 'invitation';
    RETURN NULL;
END $$;
CREATE TRIGGER undelivered AFTER UPDATE OF state ON queue_jobs FOR EACH ROW
    WHEN (NEW.state = 'dead' AND OLD.state <> 'dead' AND NEW.payload ? 'invitation')
    EXECUTE FUNCTION note_undelivered();
