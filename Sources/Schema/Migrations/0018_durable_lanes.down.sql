DROP TRIGGER undelivered ON queue_jobs;
DROP FUNCTION note_undelivered();
ALTER TABLE invitations DROP COLUMN delivery_failed_at, DROP COLUMN delivery_failure;
REVOKE SELECT, DELETE ON spent_refresh_tokens FROM convene_worker;
DROP POLICY worker ON spent_refresh_tokens;
DROP INDEX invitations_founding_idx, spent_refresh_tokens_spent_at_idx, sign_ins_over_idx, sign_in_links_expires_at_idx,
    event_feed_recorded_at_idx, queue_jobs_dead_idx, queue_jobs_finished_idx, queue_jobs_due_idx;
CREATE INDEX queue_jobs_due_idx ON queue_jobs (priority DESC, run_at) WHERE state = 'waiting';
ALTER TABLE queue_jobs DROP COLUMN rescues;
ALTER TABLE sagas DROP COLUMN lane, DROP COLUMN deadline, DROP COLUMN claims;
DROP FUNCTION lane_of(uuid, text);
DROP FUNCTION present();
