DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY[
        'users.name', 'organizations.name', 'groups.name', 'sign_ins.name', 'invitations.founds',
        'regular_mentoring_sessions.title', 'gap_analysis_sessions.title', 'ai_career_sessions.title',
        'comm_sessions.title', 'class_sessions.title'
    ] LOOP
        EXECUTE format(
            'ALTER TABLE %I DROP CONSTRAINT %I', split_part(place, '.', 1), replace(place, '.', '_') || '_line');
    END LOOP;
END $$;
