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

CREATE TABLE feed_heads (
    organization_id uuid PRIMARY KEY,
    last_number     bigint NOT NULL
);

-- Work for later. Who moves a row: enqueue makes it waiting; a worker's claim makes it running for as long as its
-- lease; the worker's own transaction makes it done, waiting (again, later) or dead; an expired lease makes it
-- claimable again, and the fence keeps the late first worker from finishing it.
CREATE TABLE queue_jobs (
    id              uuid PRIMARY KEY,
    organization_id uuid,
    kind            text NOT NULL,
    key             text NOT NULL,
    payload         jsonb NOT NULL DEFAULT '{}',
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    priority        int NOT NULL DEFAULT 0,
    run_at          timestamptz NOT NULL DEFAULT now(),
    attempts        int NOT NULL DEFAULT 0,
    max_attempts    int NOT NULL DEFAULT 20 CHECK (max_attempts > 0),
    lease_until     timestamptz,
    fence           bigint NOT NULL DEFAULT 0,
    last_error      text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX queue_jobs_open_key ON queue_jobs (kind, key) WHERE state IN ('waiting', 'running');
CREATE INDEX queue_jobs_due_idx ON queue_jobs (priority DESC, run_at) WHERE state = 'waiting';
CREATE INDEX queue_jobs_lease_idx ON queue_jobs (lease_until) WHERE state = 'running';

-- One row a session: where its provisioning stands (docs/decisions/0003). document is the reducer's whole value;
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
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id)
);
CREATE INDEX sagas_run_at_idx ON sagas (run_at) WHERE run_at IS NOT NULL;

-- Every call to a provider: intended before it is sent, and never deleted. What is still intended when its worker
-- is gone may have been done, and is unknown.
CREATE TABLE provider_calls (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    saga_id         uuid NOT NULL,
    generation      int NOT NULL,
    operation       text NOT NULL CHECK (operation IN ('create', 'find', 'cancel')),
    provider        text NOT NULL,
    tag             text NOT NULL,
    status          text NOT NULL DEFAULT 'intended'
        CHECK (status IN ('intended', 'succeeded', 'rejected', 'unknown', 'reconciled')),
    external_id     text,
    answer          jsonb,
    reason          text,
    intended_at     timestamptz NOT NULL DEFAULT now(),
    answered_at     timestamptz,
    FOREIGN KEY (organization_id, saga_id) REFERENCES sagas (organization_id, id)
);
CREATE INDEX provider_calls_saga_id_idx ON provider_calls (saga_id);

-- What a person has to look at because no program can know.
CREATE TABLE manual_interventions (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    saga_id         uuid NOT NULL,
    provider        text NOT NULL,
    code            text NOT NULL,
    reason          text NOT NULL,
    external_id     text,
    opened_at       timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz,
    closed_by       uuid,
    FOREIGN KEY (organization_id, saga_id) REFERENCES sagas (organization_id, id)
);
CREATE INDEX manual_interventions_saga_id_idx ON manual_interventions (saga_id);
CREATE INDEX manual_interventions_open_idx ON manual_interventions (organization_id, opened_at DESC)
    WHERE closed_at IS NULL;

-- The first answer to a POST, kept for 24 hours under the key that its sender chose.
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    route           text NOT NULL,
    key             text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash    bytea NOT NULL,
    status          int NOT NULL,
    location        text,
    body            text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, user_id, route, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

CALL protect('outbox_events');
CALL protect('event_feed');
CALL protect('feed_heads');
CALL protect('queue_jobs');
CALL protect('sagas');
CALL protect('provider_calls');
CALL protect('manual_interventions');
CALL protect('idempotency_keys');
-- A request appends events and reads the feed; the numbers are the relay's.
REVOKE UPDATE, DELETE ON outbox_events FROM convene_app;
REVOKE INSERT, UPDATE, DELETE ON event_feed, feed_heads FROM convene_app;
REVOKE DELETE ON sagas, provider_calls, manual_interventions FROM convene_app, convene_worker;
