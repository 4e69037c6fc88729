DO $$
DECLARE thing record;
BEGIN
    FOR thing IN SELECT polrelid::regclass AS name FROM pg_policy WHERE polname = 'backup' LOOP
        EXECUTE format('DROP POLICY backup ON %s', thing.name);
    END LOOP;
END $$;
DROP PROCEDURE open_to_backup();
REVOKE SELECT ON ALL SEQUENCES IN SCHEMA public FROM convene_backup;
REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM convene_backup;
REVOKE USAGE ON SCHEMA public FROM convene_backup;
