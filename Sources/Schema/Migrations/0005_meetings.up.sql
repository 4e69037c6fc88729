-- The technical resource at a provider. It knows nothing of lessons or money.
CREATE TABLE meetings (
    id                           uuid PRIMARY KEY,
    organization_id              uuid NOT NULL,
    meeting_no                   text NOT NULL,
    meeting_provider             text NOT NULL
        CHECK (meeting_provider IN ('feishu', 'zoom', 'teams', 'google_meet', 'room')),
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

ALTER TABLE calendar_slots ADD CONSTRAINT calendar_slots_meeting_fkey
    FOREIGN KEY (organization_id, meeting_id) REFERENCES meetings (organization_id, id);

CALL protect('meetings');
