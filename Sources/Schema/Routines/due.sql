-- When something is due, and whom it waits for.

-- The one clock by which is decided what is due, what is over and what is too old: whatever the clocks of the servers
-- say. A function of our own, so that a test can move it. (Leases are not moved: they guard against what is now.)
-- Stable, so that an index is used for what is compared with it.
CREATE OR REPLACE FUNCTION present() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN statement_timestamp();

-- Whose account at a provider something goes through: the organization's own, or the installation's. What shares an
-- account waits for it together, and for nobody else.
--
-- In PL/pgSQL, as audit_values() is.
CREATE OR REPLACE FUNCTION lane_of(organization uuid, provider_name text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce(provider_name, '') || coalesce((
        SELECT '/' || c.organization_id FROM provider_credentials c
        WHERE c.organization_id = organization AND c.provider = provider_name), '');
END $$;
