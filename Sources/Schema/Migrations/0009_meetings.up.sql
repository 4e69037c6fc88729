-- What there is at the providers.

-- The technical resource at a provider. It knows nothing of lessons or money.
CREATE TABLE meetings (
    id                           uuid PRIMARY KEY,
    organization_id              uuid NOT NULL,
    meeting_no                   text NOT NULL,
    meeting_provider             meeting_provider_name NOT NULL,
    meeting_id                   text NOT NULL,
    reserve_id                   text,
    meeting_url                  text NOT NULL CHECK (meeting_url <> ''),
    passcode                     text,
    provider_host                text,
    owner_id                     uuid NOT NULL,
    schedule_start_time          timestamptz NOT NULL,
    schedule_duration            int NOT NULL CHECK (schedule_duration BETWEEN 30 AND 180),
    status                       text NOT NULL DEFAULT 'scheduled'
        CHECK (status IN ('scheduled', 'active', 'ended', 'cancelled')),
    actual_duration              int CHECK (actual_duration >= 0),
    meeting_time_list            jsonb NOT NULL DEFAULT '[]',
    last_meeting_ended_timestamp timestamptz,
    pending_task_id              text,
    event_type                   text,
    provider_expires_at          timestamptz,
    created_at                   timestamptz NOT NULL DEFAULT now(),
    updated_at                   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    CONSTRAINT meetings_number_key UNIQUE (meeting_no, meeting_provider, schedule_start_time),
    FOREIGN KEY (organization_id, owner_id) REFERENCES memberships (organization_id, user_id)
);
CREATE INDEX meetings_meeting_no_created_at_idx ON meetings (meeting_no, created_at);
CREATE INDEX meetings_reserve_id_idx ON meetings (reserve_id);
CREATE INDEX meetings_status_idx ON meetings (status);
CREATE INDEX meetings_schedule_start_time_idx ON meetings (schedule_start_time);
CREATE INDEX meetings_owner_id_idx ON meetings (owner_id);

-- At most one account of an organization at each provider. Without one the installation's own is used.
CREATE TABLE provider_credentials (
    organization_id  uuid NOT NULL REFERENCES organizations,
    provider         text NOT NULL CHECK (provider IN ('feishu', 'zoom')),
    -- What is not secret, by the names of the API.
    settings         jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    secret           sealed NOT NULL,
    -- For people to recognize it by; NULL for a short one, of which this would tell too much.
    secret_ends_with text CHECK (length(secret_ends_with) = 4),
    -- Another number for each change, never used again: what was made from an older one is known to be old.
    version          bigint GENERATED ALWAYS AS IDENTITY,
    -- What came of the last test of this version.
    checked_at       timestamptz,
    check_outcome    text CHECK (check_outcome IN ('ok', 'refused', 'unreachable')),
    check_detail     explanation,
    -- A super admin is a member of no organization, so this points at users. It is always the one who asks.
    updated_by       uuid NOT NULL REFERENCES users,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, provider),
    CHECK ((checked_at IS NULL) = (check_outcome IS NULL)),
    CHECK ((checked_at IS NULL) = (check_detail IS NULL))
);

CALL protect('meetings');
CALL protect('provider_credentials');
-- Whoever books needs to know that there is an account. Nobody's request can read the secret: background work does,
-- where it calls the provider.
REVOKE SELECT, INSERT, UPDATE ON provider_credentials FROM convene_app;
GRANT SELECT (organization_id, provider, settings, secret_ends_with, version, checked_at, check_outcome, check_detail,
              updated_by, created_at, updated_at),
      INSERT (organization_id, provider, settings, secret, secret_ends_with, updated_by),
      UPDATE (settings, secret, secret_ends_with, version, checked_at, check_outcome, check_detail, updated_by,
              updated_at)
    ON provider_credentials TO convene_app;
CREATE POLICY admins_add ON provider_credentials AS RESTRICTIVE FOR INSERT TO convene_app
    WITH CHECK (app_role() IN ('admin', 'super_admin') AND updated_by = app_user_id());
CREATE POLICY admins_change ON provider_credentials AS RESTRICTIVE FOR UPDATE TO convene_app
    USING (app_role() IN ('admin', 'super_admin'));
CREATE POLICY admins_remove ON provider_credentials AS RESTRICTIVE FOR DELETE TO convene_app
    USING (app_role() IN ('admin', 'super_admin'));

CALL audited('provider_credentials', 'provider_account', 'provider',
             ignored => '{version,checked_at,check_outcome,check_detail}');

CALL open_to_backup();
