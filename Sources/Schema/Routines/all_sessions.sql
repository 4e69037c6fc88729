-- What every screen reads: one row a session, whatever its kind, with its students as an array.
CREATE OR REPLACE VIEW all_sessions WITH (security_invoker = true) AS
    SELECT 'regular_mentoring' AS kind, id, organization_id, meeting_id, meeting_provider, title, description, status,
           scheduled_at, duration, mentor_user_id AS provider_user_id, ARRAY[student_user_id] AS student_user_ids,
           created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at,
           jsonb_build_object('sessionType', session_type) AS details
    FROM regular_mentoring_sessions
    UNION ALL
    SELECT 'gap_analysis', id, organization_id, meeting_id, meeting_provider, title, description, status,
           scheduled_at, duration, mentor_user_id, ARRAY[student_user_id],
           created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at,
           jsonb_build_object('analysisFocus', analysis_focus, 'currentLevel', current_level,
                              'targetLevel', target_level)
    FROM gap_analysis_sessions
    UNION ALL
    SELECT 'ai_career', id, organization_id, meeting_id, meeting_provider, title, description, status,
           scheduled_at, duration, mentor_user_id, ARRAY[student_user_id],
           created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at,
           jsonb_build_object('aiTopics', ai_topics)
    FROM ai_career_sessions
    UNION ALL
    SELECT 'comm_session', id, organization_id, meeting_id, meeting_provider, title, description, status,
           scheduled_at, duration, counselor_user_id, ARRAY[student_user_id],
           created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at, '{}'
    FROM comm_sessions
    UNION ALL
    SELECT 'class_session', id, organization_id, meeting_id, meeting_provider, title, description, status,
           scheduled_at, duration, mentor_user_id,
           ARRAY(SELECT s.student_user_id FROM class_session_students s
                 WHERE s.class_session_id = class_sessions.id ORDER BY s.student_user_id),
           created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at, '{}'
    FROM class_sessions;
GRANT SELECT ON all_sessions TO convene_app, convene_worker, convene_backup;
