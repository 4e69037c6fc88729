-- The kinds of session, a table each. What they have in common is written once, here; below come their own columns.
-- The view all_sessions is made from this list, and so is what calendars and contracts may name.
CREATE TABLE session_kinds (
    kind            text PRIMARY KEY,
    session_table   name NOT NULL UNIQUE,
    provider_column name NOT NULL,
    -- NULL: it has one student. Else each row there is a student of the session that this column names.
    roster_table    name,
    roster_column   name,
    -- Its own columns that all_sessions shows as `details`, in camel case.
    details         name[] NOT NULL
);

-- Lets calendars and contracts name the kinds that there are, beside what else they know. Rows that are there already
-- are not looked at again: none is of a new kind.
CREATE PROCEDURE check_session_kinds() LANGUAGE plpgsql AS $$
DECLARE kinds text[] := ARRAY(SELECT kind FROM session_kinds ORDER BY kind);
BEGIN
    ALTER TABLE calendar_slots DROP CONSTRAINT calendar_slots_session_type_check;
    EXECUTE format(
        'ALTER TABLE calendar_slots ADD CONSTRAINT calendar_slots_session_type_check '
        'CHECK (session_type = ANY (%L::text[])) NOT VALID', kinds || '{event,group_session,external}');
    ALTER TABLE contract_entitlements DROP CONSTRAINT contract_entitlements_service_type_check;
    EXECUTE format(
        'ALTER TABLE contract_entitlements ADD CONSTRAINT contract_entitlements_service_type_check '
        'CHECK (service_type = ANY (%L::text[])) NOT VALID', kinds || '{resume,recommendation_letter}');
END $$;

-- Makes a kind of session. Its own columns, if it has any, are added after.
CREATE PROCEDURE create_session_kind(
    kind text, session_table name, provider text DEFAULT 'mentor', has_roster boolean DEFAULT false,
    details name[] DEFAULT '{}')
LANGUAGE plpgsql AS $$
DECLARE
    provider_column name := provider || '_user_id';
    roster_table name := CASE WHEN has_roster THEN kind || '_students' END;
    roster_column name := CASE WHEN has_roster THEN kind || '_id' END;
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
        )$table$, session_table, provider_column, session_table || '_title_line');
    EXECUTE format('CREATE INDEX ON %I (%I, scheduled_at DESC)', session_table, provider_column);
    EXECUTE format('CREATE INDEX ON %I (status)', session_table);
    EXECUTE format('CREATE INDEX ON %I (organization_id, scheduled_at DESC, id DESC)', session_table);
    IF has_roster THEN
        EXECUTE format($table$
            CREATE TABLE %1$I (
                id              uuid PRIMARY KEY,
                organization_id uuid NOT NULL,
                %2$I            uuid NOT NULL,
                student_user_id uuid NOT NULL,
                created_at      timestamptz NOT NULL DEFAULT now(),
                UNIQUE (%2$I, student_user_id),
                FOREIGN KEY (organization_id, %2$I) REFERENCES %3$I (organization_id, id),
                FOREIGN KEY (organization_id, student_user_id) REFERENCES memberships (organization_id, user_id)
            )$table$, roster_table, roster_column, session_table);
        EXECUTE format('CREATE INDEX ON %I (student_user_id)', roster_table);
        CALL protect(roster_table::regclass);
        CALL audited(roster_table::regclass, 'class_student', roster_column);
    ELSE
        EXECUTE format($column$
            ALTER TABLE %I ADD COLUMN student_user_id uuid NOT NULL,
                ADD FOREIGN KEY (organization_id, student_user_id) REFERENCES memberships (organization_id, user_id)
            $column$, session_table);
        EXECUTE format('CREATE INDEX ON %I (student_user_id, scheduled_at DESC)', session_table);
    END IF;
    CALL protect(session_table::regclass);
    CALL audited(session_table::regclass, 'session');
    INSERT INTO session_kinds VALUES (kind, session_table, provider_column, roster_table, roster_column, details);
    CALL check_session_kinds();
END $$;

-- The way back.
CREATE PROCEDURE drop_session_kind(dropped text) LANGUAGE plpgsql AS $$
DECLARE gone session_kinds;
BEGIN
    DELETE FROM session_kinds WHERE kind = dropped RETURNING * INTO STRICT gone;
    IF gone.roster_table IS NOT NULL THEN
        EXECUTE format('DROP TABLE %I', gone.roster_table);
    END IF;
    EXECUTE format('DROP TABLE %I', gone.session_table);
    CALL check_session_kinds();
END $$;

CALL create_session_kind('regular_mentoring', 'regular_mentoring_sessions', details => '{session_type}');
ALTER TABLE regular_mentoring_sessions
    ADD COLUMN session_type text NOT NULL DEFAULT 'standard'
        CHECK (session_type IN ('standard', 'career_planning', 'resume_review', 'interview_prep')),
    ADD COLUMN ai_summaries jsonb NOT NULL DEFAULT '[]';

CALL create_session_kind(
    'gap_analysis', 'gap_analysis_sessions', details => '{analysis_focus,current_level,target_level}');
ALTER TABLE gap_analysis_sessions
    ADD COLUMN analysis_focus text NOT NULL
        CHECK (analysis_focus IN ('resume', 'profile', 'skills', 'career', 'comprehensive')),
    ADD COLUMN current_level text CHECK (length(current_level) <= 50),
    ADD COLUMN target_level text CHECK (length(target_level) <= 50),
    ADD COLUMN gap_areas jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN action_plan text;

CALL create_session_kind('ai_career', 'ai_career_sessions', details => '{ai_topics}');
ALTER TABLE ai_career_sessions ADD COLUMN ai_topics jsonb NOT NULL DEFAULT '[]';

CALL create_session_kind('comm_session', 'comm_sessions', provider => 'counselor');

CALL create_session_kind('class_session', 'class_sessions', has_roster => true);

CALL open_to_backup();
