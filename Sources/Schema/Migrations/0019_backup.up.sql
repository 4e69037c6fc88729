-- A role that reads everything and can do nothing else. An owner who is no superuser is bound by row-level security, and
-- becomes it to dump the database.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'convene_backup') THEN
        BEGIN
            CREATE ROLE convene_backup NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- Another database of this cluster is being migrated at the same moment.
        END;
    END IF;
    IF NOT pg_has_role('convene_backup', 'MEMBER') THEN
        GRANT convene_backup TO CURRENT_USER;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO convene_backup;

-- Lets convene_backup read whatever it cannot read yet. Called by every later migration that makes a table.
CREATE PROCEDURE open_to_backup() LANGUAGE plpgsql AS $$
DECLARE thing record;
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO convene_backup;
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO convene_backup;
    FOR thing IN
        SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'backup')
    LOOP
        EXECUTE format('CREATE POLICY backup ON %s FOR SELECT TO convene_backup USING (true)', thing.name);
    END LOOP;
END $$;

CALL open_to_backup();
