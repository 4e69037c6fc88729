-- What came of asking a provider for a meeting.

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
    reason          explanation,
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
    reason          explanation NOT NULL,
    external_id     text,
    opened_at       timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz,
    closed_by       uuid,
    FOREIGN KEY (organization_id, saga_id) REFERENCES sagas (organization_id, id)
);
CREATE INDEX manual_interventions_saga_id_idx ON manual_interventions (saga_id);
CREATE INDEX manual_interventions_open_idx ON manual_interventions (organization_id, opened_at DESC)
    WHERE closed_at IS NULL;

CALL protect('provider_calls');
CALL protect('manual_interventions');
REVOKE DELETE ON provider_calls, manual_interventions FROM convene_app, convene_worker;

CALL audited('manual_interventions', 'intervention');

CALL open_to_backup();
