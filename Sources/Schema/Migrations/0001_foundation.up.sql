-- Roles, tenancy and the few functions that every later statement leans on.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Roles belong to the cluster and outlive this database, so they are made only when missing.
--   convene_app     requests of people: sees the rows of the organization that the transaction has entered
--   convene_worker  background work: sees every organization
--   convene_gate    owns the functions that must look before anybody is known (signing in)
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['convene_app', 'convene_worker', 'convene_gate'] LOOP
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

-- A rule of the product says no: the transaction ends with SQLSTATE CV001, the code as message.
CREATE FUNCTION refuse(code text, detail jsonb DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF detail IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'CV001', MESSAGE = code;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'CV001', MESSAGE = code, DETAIL = detail::text;
END $$;

-- Puts a tenant table under row-level security, for its owner too, and lets the two roles work on it.
CREATE PROCEDURE protect(tenant_table regclass, organization_column name DEFAULT 'organization_id')
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO convene_app USING (%I = ANY ((SELECT app_org_ids())::uuid[])) '
        'WITH CHECK (%I = ANY ((SELECT app_org_ids())::uuid[]))',
        tenant_table, organization_column, organization_column);
    EXECUTE format('CREATE POLICY worker ON %s TO convene_worker USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO convene_app, convene_worker', tenant_table);
END $$;
