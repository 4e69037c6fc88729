-- What every other migration stands on: roles, who acts in a transaction, and how a table is guarded.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Roles belong to the cluster and outlive this database, so they are made only when missing.
--   convene_app      requests of people: sees the rows of the organization that the transaction has entered
--   convene_worker   background work: sees every organization
--   convene_gate     owns the functions that must look before anybody is known (signing in)
--   convene_auditor  owns the functions that write the audit log
--   convene_backup   reads everything and can do nothing else: an owner who is no superuser is bound by row-level
--                    security, and becomes it to dump the database
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['convene_app', 'convene_worker', 'convene_gate', 'convene_auditor', 'convene_backup']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- Another database of this cluster is being migrated at the same moment.
            END;
        END IF;
        IF NOT pg_has_role(name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
    END LOOP;
END $$;

-- What the current transaction has entered. After COMMIT a setting is '' and not NULL, hence nullif.
CREATE FUNCTION app_org_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.org_ids', true), '')::uuid[];

CREATE FUNCTION app_org_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN (nullif(current_setting('app.org_ids', true), '')::uuid[])[1];

CREATE FUNCTION app_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.user_id', true), '')::uuid;

CREATE FUNCTION app_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.role', true), '');

CREATE FUNCTION app_address() RETURNS inet LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.address', true), '')::inet;

CREATE FUNCTION app_sign_in() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.sign_in', true), '')::uuid;

-- A super admin outside any organization.
CREATE FUNCTION app_is_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.role', true) = 'super_admin'
                AND coalesce(current_setting('app.org_ids', true), '') = '', false);

-- Puts a table under row-level security, for its owner too. Nobody sees a row until a policy says so.
CREATE PROCEDURE enforce_row_security(guarded_table regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded_table);
END $$;

-- Puts an organization's table under row-level security, and lets the two roles work on it.
CREATE PROCEDURE protect(tenant_table regclass, organization_column name DEFAULT 'organization_id')
LANGUAGE plpgsql AS $$
BEGIN
    CALL enforce_row_security(tenant_table);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO convene_app USING (%I = ANY ((SELECT app_org_ids())::uuid[])) '
        'WITH CHECK (%I = ANY ((SELECT app_org_ids())::uuid[]))',
        tenant_table, organization_column, organization_column);
    EXECUTE format('CREATE POLICY worker ON %s TO convene_worker USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO convene_app, convene_worker', tenant_table);
END $$;

-- Lets convene_backup read whatever it cannot read yet. A migration that makes a table ends with it.
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

-- Makes `runs_as` the one with whose rights a SECURITY DEFINER function runs, and lets only `callers` call it.
CREATE PROCEDURE entrust(routine regprocedure, runs_as name, callers name[] DEFAULT '{}') LANGUAGE plpgsql AS $$
DECLARE caller name;
BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA public TO %I', runs_as);
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', routine, runs_as);
    EXECUTE format('REVOKE CREATE ON SCHEMA public FROM %I', runs_as);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
    FOREACH caller IN ARRAY callers LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine, caller);
    END LOOP;
END $$;

-- Names and titles are one line each, and turn no text around. The program sees to more than that (Values/PlainText);
-- this much nothing gets past.
CREATE FUNCTION is_line(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]';

-- Where meetings can take place: the one list of them in the database.
CREATE DOMAIN meeting_provider_name AS text
    CONSTRAINT meeting_provider_name_known CHECK (VALUE IN ('feishu', 'zoom', 'teams', 'google_meet', 'room'));

-- What people are told, before it has words (Values/Explanation): a code, and what the sentence is to name. The bound is
-- far above what the program writes.
CREATE DOMAIN explanation AS jsonb
    CONSTRAINT explanation_form
        CHECK (VALUE IS NULL OR (jsonb_typeof(VALUE -> 'code') = 'string' AND VALUE ->> 'code' ~ '^[a-z0-9_]+$'
                                 AND jsonb_typeof(VALUE -> 'arguments') = 'object') IS TRUE)
    CONSTRAINT explanation_length CHECK (length(VALUE::text) <= 4000);

CALL open_to_backup();
