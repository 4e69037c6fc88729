-- What every screen reads: one row a session, whatever its kind, with its students as an array and its kind's own columns
-- as `details`. Made from the list of kinds.
DO $$
DECLARE parts text;
BEGIN
    SELECT string_agg(format($part$
            SELECT %L AS kind, id, organization_id, meeting_id, meeting_provider, title, description, status,
                   scheduled_at, duration, %I AS provider_user_id, %s AS student_user_ids,
                   created_by_counselor_id, failure, completed_at, cancelled_at, created_at, updated_at,
                   jsonb_build_object(%s) AS details
            FROM %I
            $part$,
            k.kind, k.provider_column,
            CASE WHEN k.roster_table IS NULL THEN 'ARRAY[student_user_id]'
                 ELSE format('ARRAY(SELECT s.student_user_id FROM %I s WHERE s.%I = %I.id ORDER BY s.student_user_id)',
                             k.roster_table, k.roster_column, k.session_table) END,
            (SELECT string_agg(format('%L, %I', lower(left(d, 1)) || substr(replace(initcap(d), '_', ''), 2), d),
                               ', ' ORDER BY place)
             FROM unnest(k.details) WITH ORDINALITY AS own (d, place)),
            k.session_table),
        'UNION ALL' ORDER BY k.kind)
    INTO parts FROM session_kinds k;
    EXECUTE 'CREATE OR REPLACE VIEW all_sessions WITH (security_invoker = true) AS ' || parts;
END $$;
GRANT SELECT ON all_sessions TO convene_app, convene_worker, convene_backup;
