-- Names and titles are one line each, and turn no text around. The program sees to more than that (Values/PlainText);
-- this much nothing gets past. What is there already loses what it may not have.
DO $$
DECLARE
    place text;
    tab text;
    col text;
    forced boolean;
    steering CONSTANT text := '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]';
BEGIN
    FOREACH place IN ARRAY ARRAY[
        'users.name', 'organizations.name', 'groups.name', 'sign_ins.name', 'invitations.founds',
        'regular_mentoring_sessions.title', 'gap_analysis_sessions.title', 'ai_career_sessions.title',
        'comm_sessions.title', 'class_sessions.title'
    ] LOOP
        tab := split_part(place, '.', 1);
        col := split_part(place, '.', 2);
        SELECT relforcerowsecurity INTO forced FROM pg_class WHERE oid = tab::regclass;
        -- The owner is under the policies too, and sees no row.
        IF forced THEN EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', tab); END IF;
        EXECUTE format(
            'UPDATE %1$I SET %2$I = coalesce(nullif(btrim(regexp_replace(%2$I, %3$L, '' '', ''g'')), ''''), ''?'') '
            'WHERE %2$I ~ %3$L', tab, col, steering);
        IF forced THEN EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab); END IF;
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (%I !~ %L)', tab, tab || '_' || col || '_line', col, steering);
    END LOOP;
END $$;
