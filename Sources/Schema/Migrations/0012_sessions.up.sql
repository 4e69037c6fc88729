-- Five kinds of session, a table each. What they have in common is written once, here; below come their own columns.
CREATE PROCEDURE create_session_table(name text, provider_column text, student_column text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($table$
        CREATE TABLE %1$I (
            id                      uuid PRIMARY KEY,
            organization_id         uuid NOT NULL,
            meeting_id              uuid UNIQUE,
            meeting_provider        meeting_provider_name NOT NULL,
            title                   text NOT NULL CHECK (length(title) BETWEEN 1 AND 255)
                CONSTRAINT %3$I CHECK (is_line(title)),
            description             text CHECK (length(description) <= 5000),
            status                  text NOT NULL DEFAULT 'pending_meeting' CHECK (status IN
                ('pending_meeting', 'scheduled', 'meeting_failed', 'completed', 'cancelled')),
            scheduled_at            timestamptz NOT NULL,
            duration                int NOT NULL CHECK (duration BETWEEN 30 AND 180),
            %2$I                    uuid NOT NULL,
            created_by_counselor_id uuid NOT NULL,
            -- A code for programs, the reason for people, and whether somebody has to look.
            failure                 jsonb,
            completed_at            timestamptz,
            cancelled_at            timestamptz,
            created_at              timestamptz NOT NULL DEFAULT now(),
            updated_at              timestamptz NOT NULL DEFAULT now(),
            UNIQUE (organization_id, id),
            CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
            CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
            CHECK ((status = 'meeting_failed') = (failure IS NOT NULL)),
            CHECK (failure IS NULL
                   OR (failure ->> 'code' <> '' AND (failure -> 'reason')::explanation IS NOT NULL) IS TRUE),
            CHECK (status NOT IN ('pending_meeting', 'meeting_failed') OR meeting_id IS NULL),
            CHECK (status <> 'scheduled' OR meeting_id IS NOT NULL),
            FOREIGN KEY (organization_id, meeting_id) REFERENCES meetings (organization_id, id),
            FOREIGN KEY (organization_id, %2$I) REFERENCES memberships (organization_id, user_id),
            FOREIGN KEY (organization_id, created_by_counselor_id) REFERENCES memberships (organization_id, user_id)
        )$table$, name, provider_column, name || '_title_line');
    EXECUTE format('CREATE INDEX ON %I (%I, scheduled_at DESC)', name, provider_column);
    EXECUTE format('CREATE INDEX ON %I (status)', name);
    EXECUTE format('CREATE INDEX ON %I (organization_id, scheduled_at DESC, id DESC)', name);
    IF student_column IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I ADD COLUMN %I uuid NOT NULL', name, student_column);
        EXECUTE format(
            'ALTER TABLE %I ADD FOREIGN KEY (organization_id, %I) REFERENCES memberships (organization_id, user_id)',
            name, student_column);
        EXECUTE format('CREATE INDEX ON %I (%I, scheduled_at DESC)', name, student_column);
    END IF;
    CALL protect(name::regclass);
    CALL audited(name::regclass, 'session');
END $$;

CALL create_session_table('regular_mentoring_sessions', 'mentor_user_id', 'student_user_id');
ALTER TABLE regular_mentoring_sessions
    ADD COLUMN session_type text NOT NULL DEFAULT 'standard'
        CHECK (session_type IN ('standard', 'career_planning', 'resume_review', 'interview_prep')),
    ADD COLUMN ai_summaries jsonb NOT NULL DEFAULT '[]';

CALL create_session_table('gap_analysis_sessions', 'mentor_user_id', 'student_user_id');
ALTER TABLE gap_analysis_sessions
    ADD COLUMN analysis_focus text NOT NULL
        CHECK (analysis_focus IN ('resume', 'profile', 'skills', 'career', 'comprehensive')),
    ADD COLUMN current_level text CHECK (length(current_level) <= 50),
    ADD COLUMN target_level text CHECK (length(target_level) <= 50),
    ADD COLUMN gap_areas jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN action_plan text;

CALL create_session_table('ai_career_sessions', 'mentor_user_id', 'student_user_id');
ALTER TABLE ai_career_sessions ADD COLUMN ai_topics jsonb NOT NULL DEFAULT '[]';

CALL create_session_table('comm_sessions', 'counselor_user_id', 'student_user_id');

CALL create_session_table('class_sessions', 'mentor_user_id', NULL);

CREATE TABLE class_session_students (
    id               uuid PRIMARY KEY,
    organization_id  uuid NOT NULL,
    class_session_id uuid NOT NULL,
    student_user_id  uuid NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (class_session_id, student_user_id),
    FOREIGN KEY (organization_id, class_session_id) REFERENCES class_sessions (organization_id, id),
    FOREIGN KEY (organization_id, student_user_id) REFERENCES memberships (organization_id, user_id)
);
CREATE INDEX class_session_students_student_user_id_idx ON class_session_students (student_user_id);
CALL protect('class_session_students');
CALL audited('class_session_students', 'class_student', 'class_session_id');

CALL open_to_backup();
