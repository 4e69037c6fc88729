DROP VIEW all_sessions;
DROP TABLE class_session_students;
DROP TABLE class_sessions;
DROP TABLE comm_sessions;
DROP TABLE ai_career_sessions;
DROP TABLE gap_analysis_sessions;
DROP TABLE regular_mentoring_sessions;
DROP PROCEDURE create_session_table(text, text, text);
