-- One person's occupied time. The only place where overlap is decided.
CREATE TABLE calendar_slots (
    id                   uuid PRIMARY KEY,
    organization_id      uuid NOT NULL,
    user_id              uuid NOT NULL,
    user_type            text NOT NULL CHECK (user_type IN ('mentor', 'student', 'counselor')),
    session_id           uuid NOT NULL,
    -- And the kinds of session: check_session_kinds() adds those.
    session_type         text NOT NULL CHECK (session_type IN ('event', 'group_session', 'external')),
    title                text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    scheduled_start_time timestamptz NOT NULL,
    time_range           tstzrange NOT NULL,
    duration_minutes     int NOT NULL,
    status               text NOT NULL DEFAULT 'booked' CHECK (status IN ('booked', 'completed', 'cancelled')),
    meeting_id           uuid,
    metadata             jsonb NOT NULL DEFAULT '{}',
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, user_id) REFERENCES memberships,
    CONSTRAINT calendar_slots_meeting_fkey
        FOREIGN KEY (organization_id, meeting_id) REFERENCES meetings (organization_id, id),
    -- An empty range overlaps nothing and would pass the exclusion constraint twice.
    CONSTRAINT calendar_range_sane CHECK (
        NOT isempty(time_range) AND lower_inc(time_range) AND NOT upper_inc(time_range)
        AND lower(time_range) = scheduled_start_time
        AND upper(time_range) = scheduled_start_time + duration_minutes * interval '1 minute'),
    CONSTRAINT calendar_session_length CHECK (
        session_type IN ('event', 'group_session', 'external') OR duration_minutes BETWEEN 30 AND 180),
    CONSTRAINT calendar_no_overlap EXCLUDE USING gist (user_id WITH =, time_range WITH &&) WHERE (status = 'booked')
);
CREATE INDEX calendar_slots_user_id_scheduled_start_time_idx ON calendar_slots (user_id, scheduled_start_time DESC);
CREATE INDEX calendar_slots_session_id_session_type_idx ON calendar_slots (session_id, session_type);

CALL protect('calendar_slots');
-- For busy_times(): the time, and nothing of what somebody does then or where.
CREATE POLICY gate ON calendar_slots FOR SELECT TO convene_gate USING (true);
GRANT SELECT (user_id, time_range, status) ON calendar_slots TO convene_gate;

CALL open_to_backup();
