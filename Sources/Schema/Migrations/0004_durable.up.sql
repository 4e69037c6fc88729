-- What outlives a process: events, work for later, sagas, answers to repeat, and counters.

-- Integration events, written by the transaction that they tell of. No number and no NOTIFY: both would be handed
-- out before the commit. The relay takes them from here to event_feed.
CREATE TABLE outbox_events (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    aggregate_id    uuid NOT NULL,
    type            text NOT NULL,
    version         int NOT NULL DEFAULT 1,
    payload         jsonb NOT NULL,
    -- Who, besides the organization's staff, may hear of it.
    audience        uuid[] NOT NULL DEFAULT '{}',
    occurred_at     timestamptz NOT NULL DEFAULT now(),
    -- By the one clock that all writers share: what follows from an event is numbered after it.
    written_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Numbers are given here, by one relay at a time and only to committed rows, so that their order is the order in
-- which they can be seen: dense over all (position) and in each organization (number).
CREATE TABLE event_feed (
    position        bigint PRIMARY KEY,
    organization_id uuid NOT NULL,
    number          bigint NOT NULL,
    id              uuid NOT NULL UNIQUE,
    aggregate_id    uuid NOT NULL,
    type            text NOT NULL,
    version         int NOT NULL,
    payload         jsonb NOT NULL,
    audience        uuid[] NOT NULL,
    occurred_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, number)
);
CREATE INDEX event_feed_aggregate_id_idx ON event_feed (aggregate_id);
CREATE INDEX event_feed_recorded_at_idx ON event_feed (recorded_at);

CREATE TABLE feed_heads (
    organization_id uuid PRIMARY KEY,
    last_number     bigint NOT NULL
);

-- How far each subscription to the feed has read.
CREATE TABLE feed_cursors (
    name     text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    moved_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON feed_cursors TO convene_worker;

-- Work for later. Who moves a row: enqueue makes it waiting; a worker's claim makes it running for as long as its
-- lease; the worker's own transaction makes it done, waiting (again, later) or dead; an expired lease makes it
-- claimable again, and the fence keeps the late first worker from finishing it.
CREATE TABLE queue_jobs (
    id              uuid PRIMARY KEY,
    organization_id uuid,
    kind            text NOT NULL,
    key             text NOT NULL,
    payload         jsonb NOT NULL DEFAULT '{}',
    state           text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    priority        int NOT NULL DEFAULT 0,
    run_at          timestamptz NOT NULL DEFAULT now(),
    attempts        int NOT NULL DEFAULT 0,
    max_attempts    int NOT NULL DEFAULT 20 CHECK (max_attempts > 0),
    -- How often a worker that had it did not come back.
    rescues         int NOT NULL DEFAULT 0,
    lease_until     timestamptz,
    fence           bigint NOT NULL DEFAULT 0,
    last_error      explanation,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX queue_jobs_open_key ON queue_jobs (kind, key) WHERE state IN ('waiting', 'running');
CREATE INDEX queue_jobs_due_idx ON queue_jobs (kind, priority DESC, run_at) WHERE state = 'waiting';
CREATE INDEX queue_jobs_lease_idx ON queue_jobs (lease_until) WHERE state = 'running';
-- For what is cleared by its age, and for counting the dead.
CREATE INDEX queue_jobs_finished_idx ON queue_jobs (finished_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX queue_jobs_dead_idx ON queue_jobs (finished_at) WHERE state = 'dead';

-- Where something that takes several steps stands (docs/decisions/0003). document is the reducer's whole value;
-- state and run_at repeat what is asked for by index. run_at is NULL when there is nothing left to do.
CREATE TABLE sagas (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    state           text NOT NULL,
    document        jsonb NOT NULL,
    run_at          timestamptz,
    lease_until     timestamptz,
    fence           bigint NOT NULL DEFAULT 0,
    lane            text NOT NULL DEFAULT '',
    -- By this database's clock; the document's own is a copy. NULL: nothing has to be done by then.
    deadline        timestamptz,
    -- Since the last progress, those from which no worker came back in good order: it died, or failed.
    claims          int NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id)
);
CREATE INDEX sagas_run_at_idx ON sagas (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX sagas_lane_idx ON sagas (lane, run_at) WHERE run_at IS NOT NULL;

-- The first response to a request that creates something, kept for 24 hours under the key that its sender chose: of
-- everything that a person creates, in whatever organization or in none. A key is its sender's; what it was sent for,
-- the organization too, is in the hash.
CREATE TABLE idempotency_keys (
    user_id      uuid NOT NULL,
    route        text NOT NULL,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL,
    status       int NOT NULL,
    location     text,
    body         text,
    -- In place of the body, where it shows a secret.
    sealed_body  sealed,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, route, key),
    CHECK (num_nonnulls(body, sealed_body) = 1)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- Leaky buckets, shared by all servers. What is lost in a crash is forgiven.
CREATE UNLOGGED TABLE rate_limits (
    bucket    text PRIMARY KEY,
    -- Attempts left at `filled_at`; it fills up with time.
    level     double precision NOT NULL,
    filled_at timestamptz NOT NULL
);
CREATE INDEX rate_limits_filled_at_idx ON rate_limits (filled_at);

CALL protect('outbox_events');
CALL protect('event_feed');
CALL protect('feed_heads');
CALL protect('queue_jobs');
CALL protect('sagas');
-- A request appends events and reads the feed; the numbers are the relay's.
REVOKE UPDATE, DELETE ON outbox_events FROM convene_app;
REVOKE INSERT, UPDATE, DELETE ON event_feed, feed_heads FROM convene_app;
REVOKE DELETE ON sagas FROM convene_app, convene_worker;
-- Who joins by an invitation is told of from outside any organization.
CREATE POLICY gate_adds ON outbox_events FOR INSERT TO convene_gate WITH CHECK (true);
GRANT INSERT ON outbox_events TO convene_gate;
-- A mail to somebody who is in no organization, or not yet.
CREATE POLICY letters ON queue_jobs FOR INSERT TO convene_app
    WITH CHECK (organization_id IS NULL AND kind = 'mail');

CALL enforce_row_security('idempotency_keys');
CREATE POLICY own ON idempotency_keys TO convene_app USING (user_id = (SELECT app_user_id()))
    WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON idempotency_keys TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON idempotency_keys TO convene_app;
GRANT SELECT, UPDATE, DELETE ON idempotency_keys TO convene_worker;

CALL enforce_row_security('rate_limits');
CREATE POLICY gate ON rate_limits TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON rate_limits TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO convene_gate;
GRANT SELECT, DELETE ON rate_limits TO convene_worker;

CALL open_to_backup();
