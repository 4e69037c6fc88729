-- What a booking writes, as one function: as little as PostgreSQL can do for the same rows, so that the ratio tells what
-- the server adds. Keep it in step with Sources/Sessions/Booking.
CREATE OR REPLACE FUNCTION bench_book(number bigint) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    s bench_setting;
    session uuid := gen_random_uuid();
    pair text;
    mentor uuid;
    student uuid;
    starts timestamptz;
    entitlement uuid;
    taken int;
BEGIN
    SELECT * INTO s FROM bench_setting;
    pair := lpad(to_hex(number % s.pairs), 12, '0');
    mentor := '00000000-0000-4000-a000-' || pair;
    student := '00000000-0000-4000-b000-' || pair;
    starts := s.day_zero + (number / s.pairs) * interval '1 hour';
    PERFORM enter(s.sign_in, s.counselor, s.organization, ARRAY['counselor', 'admin'], NULL);

    INSERT INTO idempotency_keys (user_id, route, key, request_hash, status, location, body)
    VALUES (s.counselor, 'POST /api/counselor/sessions/book', 'pgbench-' || number,
            sha256(session::text::bytea), 201, '/api/counselor/sessions/' || session, repeat('x', 300));

    UPDATE contract_entitlements SET held = held + 1, updated_at = now()
    WHERE id = (SELECT id FROM contract_entitlements
                WHERE student_user_id = student AND service_type = 'regular_mentoring' AND held + consumed + 1 <= total
                ORDER BY id LIMIT 1)
    RETURNING id INTO entitlement;
    INSERT INTO service_holds (id, organization_id, entitlement_id, session_id, units)
    VALUES (gen_random_uuid(), s.organization, entitlement, session, 1);

    INSERT INTO calendar_slots (id, organization_id, user_id, user_type, session_id, session_type, title,
                                scheduled_start_time, time_range, duration_minutes, metadata)
    SELECT gen_random_uuid(), s.organization, person, kind, session, 'regular_mentoring', 'Benchmark', starts,
           tstzrange(starts, starts + interval '1 hour', '[)'), 60, '{"otherPartyName": "Bench"}'
    FROM (VALUES (mentor, 'mentor'), (student, 'student')) people (person, kind) ORDER BY person
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken <> 2 THEN
        PERFORM refuse('slot_conflict');
    END IF;

    INSERT INTO regular_mentoring_sessions (id, organization_id, meeting_provider, title, scheduled_at, duration,
                                            mentor_user_id, student_user_id, created_by_counselor_id)
    VALUES (session, s.organization, 'zoom', 'Benchmark', starts, 60, mentor, student, s.counselor);
    -- Due so late that no worker takes it for a booking of its own.
    INSERT INTO sagas (id, organization_id, kind, state, document, run_at)
    VALUES (session, s.organization, 'session_meeting', 'meeting_pending', '{}', now() + interval '1 year');
    INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload, audience)
    VALUES (gen_random_uuid(), s.organization, session, 'regular_mentoring.session.created',
            jsonb_build_object('sessionId', session, 'mentorId', mentor, 'studentId', student, 'duration', 60,
                               'scheduledStartTime', starts, 'counselorId', s.counselor, 'topic', 'Benchmark',
                               'meetingProvider', 'zoom'),
            ARRAY[mentor, student]);
    RETURN session;
END $$;
GRANT EXECUTE ON FUNCTION bench_book(bigint) TO convene_app;
