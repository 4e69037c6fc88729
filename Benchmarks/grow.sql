-- Fills sessions, slots and sagas up to :rows sessions in the past, in which the benchmark books nothing. Foreign keys
-- are not checked while it runs, since it takes its people from where they point.
SET session_replication_role = replica;
WITH made AS (
    SELECT gen_random_uuid() AS id, n,
           ('00000000-0000-4000-a000-' || lpad(to_hex(n % :pairs), 12, '0'))::uuid AS mentor,
           ('00000000-0000-4000-b000-' || lpad(to_hex(n % :pairs), 12, '0'))::uuid AS student,
           to_timestamp(:day_zero) - interval '1 year' - (n / :pairs) * interval '1 hour' AS starts
    FROM generate_series((SELECT count(*) FROM regular_mentoring_sessions), :rows - 1) n
), sessions AS (
    INSERT INTO regular_mentoring_sessions (id, organization_id, meeting_provider, title, status, cancelled_at,
                                            scheduled_at, duration, mentor_user_id, student_user_id,
                                            created_by_counselor_id)
    SELECT id, organization, 'zoom', 'Past', 'cancelled', now(), starts, 60, mentor, student, counselor
    FROM made, bench_setting
), sagas AS (
    INSERT INTO sagas (id, organization_id, kind, state, document)
    SELECT id, organization, 'session_meeting', 'cancelled', '{}' FROM made, bench_setting
)
INSERT INTO calendar_slots (id, organization_id, user_id, user_type, session_id, session_type, title,
                            scheduled_start_time, time_range, duration_minutes, status)
SELECT gen_random_uuid(), organization, person, kind, id, 'regular_mentoring', 'Past', starts,
       tstzrange(starts, starts + interval '1 hour', '[)'), 60, 'completed'
FROM made, bench_setting, LATERAL (VALUES (mentor, 'mentor'), (student, 'student')) people (person, kind);
SET session_replication_role = DEFAULT;
ANALYZE;
