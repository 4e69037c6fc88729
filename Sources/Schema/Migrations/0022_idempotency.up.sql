-- The first response to a request that creates something, kept for 24 hours under the key that its sender chose: of
-- everything that a person creates, in whatever organization or in none. A key is its sender's; what it was sent for,
-- the organization too, is in the hash.
DROP TABLE idempotency_keys;

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

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON idempotency_keys TO convene_app USING (user_id = (SELECT app_user_id()))
    WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON idempotency_keys TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON idempotency_keys TO convene_app;
GRANT SELECT, UPDATE, DELETE ON idempotency_keys TO convene_worker;

CALL open_to_backup();
