DROP TABLE class_session_students, class_sessions, comm_sessions, ai_career_sessions, gap_analysis_sessions,
    regular_mentoring_sessions;
DROP PROCEDURE create_session_table(text, text, text);
