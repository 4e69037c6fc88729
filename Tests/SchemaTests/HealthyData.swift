/// One session of each kind and in each state, as the commands and the provisioner leave them. Ids end in what they
/// stand for, so that a corruption can name its row.
enum HealthyData {
    static let script = """
        CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT md5(name)::uuid $$;

        INSERT INTO organizations (id, slug, name, billed_from)
            VALUES (pg_temp.id('org'), 'lighthouse', 'Lighthouse', '2020-01-01'),
                   (pg_temp.id('other org'), 'harbour', 'Harbour', NULL);
        INSERT INTO users (id, email, name) SELECT pg_temp.id(name), name || '@example.test', name
            FROM unnest(ARRAY['counselor', 'mentor', 'ada', 'ben']) AS name;
        INSERT INTO memberships (organization_id, user_id, role)
            VALUES (pg_temp.id('org'), pg_temp.id('counselor'), 'counselor'),
                   (pg_temp.id('org'), pg_temp.id('mentor'), 'mentor'),
                   (pg_temp.id('org'), pg_temp.id('ada'), 'student'), (pg_temp.id('org'), pg_temp.id('ben'), 'student');
        INSERT INTO contracts (id, organization_id, student_user_id, title)
            SELECT pg_temp.id('contract ' || name), pg_temp.id('org'), pg_temp.id(name), 'A year'
            FROM unnest(ARRAY['ada', 'ben']) AS name;
        INSERT INTO contract_entitlements (id, organization_id, contract_id, student_user_id, service_type, unit_type,
                total, held, consumed)
            SELECT pg_temp.id(name || ' ' || kind), pg_temp.id('org'), pg_temp.id('contract ' || name),
                   pg_temp.id(name), kind, 'hour', 10, held, consumed
            FROM (VALUES ('ada', 'regular_mentoring', 1.5, 1.5), ('ada', 'gap_analysis', 1.5, 0),
                         ('ada', 'ai_career', 0, 0), ('ada', 'class_session', 1.5, 0),
                         ('ben', 'class_session', 1.5, 0)) AS e (name, kind, held, consumed);

        CREATE FUNCTION pg_temp.failure() RETURNS jsonb LANGUAGE sql IMMUTABLE AS
            $$ SELECT '{"code": "set_aside", "reason": {"code": "meeting_not_given", "arguments": {"provider": "zoom"}}}'::jsonb $$;

        -- Tomorrow on, two hours apart.
        CREATE FUNCTION pg_temp.at(place int) RETURNS timestamptz LANGUAGE sql STABLE AS
            $$ SELECT date_trunc('hour', now()) + interval '1 day' + place * interval '2 hours' $$;
        INSERT INTO meetings (id, organization_id, meeting_no, meeting_provider, meeting_id, meeting_url, owner_id,
                schedule_start_time, schedule_duration, status)
            SELECT pg_temp.id('meeting ' || name), pg_temp.id('org'), name, 'zoom', name, 'https://zoom.example/' || name,
                   pg_temp.id('mentor'), pg_temp.at(place), 90, status
            FROM (VALUES ('scheduled', 1, 'scheduled'), ('completed', 2, 'ended'), ('cancelled', 5, 'cancelled'))
                AS m (name, place, status);
        INSERT INTO regular_mentoring_sessions (id, organization_id, meeting_id, meeting_provider, title, status,
                scheduled_at, duration, mentor_user_id, student_user_id, created_by_counselor_id, completed_at)
            VALUES (pg_temp.id('scheduled'), pg_temp.id('org'), pg_temp.id('meeting scheduled'), 'zoom', 'One',
                    'scheduled', pg_temp.at(1), 90, pg_temp.id('mentor'), pg_temp.id('ada'), pg_temp.id('counselor'), NULL),
                   (pg_temp.id('completed'), pg_temp.id('org'), pg_temp.id('meeting completed'), 'zoom', 'Two',
                    'completed', pg_temp.at(2), 90, pg_temp.id('mentor'), pg_temp.id('ada'), pg_temp.id('counselor'), now());
        INSERT INTO gap_analysis_sessions (id, organization_id, meeting_provider, title, scheduled_at, duration,
                mentor_user_id, student_user_id, created_by_counselor_id, analysis_focus)
            VALUES (pg_temp.id('pending'), pg_temp.id('org'), 'zoom', 'Three', pg_temp.at(3), 90, pg_temp.id('mentor'),
                    pg_temp.id('ada'), pg_temp.id('counselor'), 'skills');
        INSERT INTO ai_career_sessions (id, organization_id, meeting_provider, title, status, scheduled_at, duration,
                mentor_user_id, student_user_id, created_by_counselor_id, failure)
            VALUES (pg_temp.id('failed'), pg_temp.id('org'), 'zoom', 'Four', 'meeting_failed', pg_temp.at(4), 90,
                    pg_temp.id('mentor'), pg_temp.id('ada'), pg_temp.id('counselor'), pg_temp.failure());
        INSERT INTO comm_sessions (id, organization_id, meeting_id, meeting_provider, title, status, scheduled_at,
                duration, counselor_user_id, student_user_id, created_by_counselor_id, cancelled_at)
            VALUES (pg_temp.id('cancelled'), pg_temp.id('org'), pg_temp.id('meeting cancelled'), 'zoom', 'Five',
                    'cancelled', pg_temp.at(5), 90, pg_temp.id('counselor'), pg_temp.id('ada'), pg_temp.id('counselor'),
                    now());
        INSERT INTO class_sessions (id, organization_id, meeting_provider, title, scheduled_at, duration,
                mentor_user_id, created_by_counselor_id)
            VALUES (pg_temp.id('class'), pg_temp.id('org'), 'feishu', 'Six', pg_temp.at(6), 90, pg_temp.id('mentor'),
                    pg_temp.id('counselor'));
        INSERT INTO class_session_students (id, organization_id, class_session_id, student_user_id)
            SELECT gen_random_uuid(), pg_temp.id('org'), pg_temp.id('class'), pg_temp.id(name)
            FROM unnest(ARRAY['ada', 'ben']) AS name;

        INSERT INTO calendar_slots (id, organization_id, user_id, user_type, session_id, session_type, title,
                scheduled_start_time, time_range, duration_minutes, status, meeting_id, metadata)
            SELECT md5(s.id || 'slot' || u.user_id)::uuid, s.organization_id, u.user_id,
                   (SELECT role FROM memberships m WHERE m.user_id = u.user_id), s.id, s.kind, s.title, s.scheduled_at,
                   tstzrange(s.scheduled_at, s.scheduled_at + interval '90 minutes'), s.duration,
                   CASE WHEN s.status IN ('pending_meeting', 'scheduled') THEN 'booked'
                        WHEN s.status = 'completed' THEN 'completed' ELSE 'cancelled' END,
                   s.meeting_id, jsonb_build_object('meetingUrl', m.meeting_url)
            FROM all_sessions s LEFT JOIN meetings m ON m.id = s.meeting_id,
                 unnest(s.provider_user_id || s.student_user_ids) AS u (user_id);
        INSERT INTO service_holds (id, organization_id, entitlement_id, session_id, units, status, released_reason)
            SELECT md5(s.id || 'hold' || e.student_user_id)::uuid, s.organization_id, e.id, s.id, 1.5, h.status,
                   CASE WHEN h.status = 'released' THEN 'meeting_failed' END
            FROM all_sessions s JOIN contract_entitlements e
                ON e.service_type = s.kind AND e.student_user_id = ANY (s.student_user_ids),
            LATERAL (SELECT CASE WHEN s.status IN ('pending_meeting', 'scheduled') THEN 'held'
                                 WHEN s.status = 'completed' THEN 'consumed' ELSE 'released' END) AS h (status);

        INSERT INTO sagas (id, organization_id, kind, state, document, run_at)
            SELECT s.id, s.organization_id, 'session_meeting',
                   CASE s.status WHEN 'pending_meeting' THEN 'meeting_pending' WHEN 'meeting_failed' THEN 'failed'
                        WHEN 'completed' THEN 'scheduled' ELSE s.status END,
                   '{"generation": 1}', CASE WHEN s.status = 'pending_meeting' THEN now() END
            FROM all_sessions s;
        INSERT INTO provider_calls (id, organization_id, saga_id, generation, operation, provider, tag, status, external_id)
            VALUES (pg_temp.id('call'), pg_temp.id('org'), pg_temp.id('scheduled'), 1, 'create', 'zoom', 'cv:t:s:1',
                    'succeeded', 'scheduled');
        INSERT INTO event_feed (position, organization_id, number, id, aggregate_id, type, version, payload, audience,
                occurred_at)
            SELECT row_number() OVER (ORDER BY s.id), s.organization_id, row_number() OVER (ORDER BY s.id),
                   gen_random_uuid(), s.id, s.kind || '.session.created', 1, '{}', '{}', now() FROM all_sessions s;
        INSERT INTO feed_heads SELECT organization_id, max(number) FROM event_feed GROUP BY organization_id;
        INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload)
            SELECT md5(s.id || 'result')::uuid, s.organization_id, s.id,
                   s.kind || '.session.meeting.operation.result', '{"operation": "create"}'
            FROM all_sessions s WHERE s.status <> 'pending_meeting';
        INSERT INTO queue_jobs (id, organization_id, kind, key, state, lease_until)
            VALUES (pg_temp.id('job'), pg_temp.id('org'), 'renew', 'one', 'running', now() + interval '1 minute');
        SELECT chain_audit(1000);

        """
}
