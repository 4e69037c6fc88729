-- Secrets at rest, and each organization's own account at a provider.

-- Keys that no new value may be sealed with. Only their ids: four bytes of a hash, which tell nothing of the key.
CREATE TABLE retired_keys (
    id         bytea PRIMARY KEY CHECK (octet_length(id) = 4),
    retired_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION is_retired_key(id bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM retired_keys k WHERE k.id = is_retired_key.id);
END;

-- A secret as the program seals it: version 1, the key's id, 12 bytes of nonce, the ciphertext, 16 of tag. Every column
-- of this type is found from the catalog and sealed anew by `convene rotate-keys`; its table has an organization_id,
-- or else a user_id, which the ciphertext is bound to, and convene_worker may read and update it.
--
-- The second constraint looks at the row that is being written, once and never again: it closes the moment between
-- sealing and writing, in which a key can be retired and then be forgotten.
CREATE DOMAIN sealed AS bytea
    CONSTRAINT sealed_form
        CHECK (octet_length(VALUE) BETWEEN 33 AND 16384 + 33 AND substring(VALUE FROM 1 FOR 1) = '\x01')
    CONSTRAINT sealed_with_a_key_in_use CHECK (NOT is_retired_key(substring(VALUE FROM 2 FOR 4)));

-- At most one account of an organization at each provider. Without one the installation's own is used.
CREATE TABLE provider_credentials (
    organization_id  uuid NOT NULL REFERENCES organizations,
    provider         text NOT NULL CHECK (provider IN ('feishu', 'zoom')),
    -- What is not secret, by the names of the API.
    settings         jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    secret           sealed NOT NULL,
    -- For people to recognize it by; NULL for a short one, of which this would tell too much.
    secret_ends_with text CHECK (length(secret_ends_with) = 4),
    -- Another number for each change, never used again: what was made from an older one is known to be old.
    version          bigint GENERATED ALWAYS AS IDENTITY,
    -- What came of the last test of this version.
    checked_at       timestamptz,
    check_outcome    text CHECK (check_outcome IN ('ok', 'refused', 'unreachable')),
    check_detail     text CHECK (length(check_detail) <= 500),
    -- A super admin is a member of no organization, so this points at users. It is always the one who asks.
    updated_by       uuid NOT NULL REFERENCES users,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, provider),
    CHECK ((checked_at IS NULL) = (check_outcome IS NULL)),
    CHECK ((checked_at IS NULL) = (check_detail IS NULL))
);

CALL protect('provider_credentials');
-- Whoever books needs to know that there is an account. Nobody's request can read the secret: background work does,
-- where it calls the provider.
REVOKE SELECT, INSERT, UPDATE ON provider_credentials FROM convene_app;
GRANT SELECT (organization_id, provider, settings, secret_ends_with, version, checked_at, check_outcome, check_detail,
              updated_by, created_at, updated_at),
      INSERT (organization_id, provider, settings, secret, secret_ends_with, updated_by),
      UPDATE (settings, secret, secret_ends_with, version, checked_at, check_outcome, check_detail, updated_by,
              updated_at)
    ON provider_credentials TO convene_app;
CREATE POLICY admins_add ON provider_credentials AS RESTRICTIVE FOR INSERT TO convene_app
    WITH CHECK (app_role() IN ('admin', 'super_admin') AND updated_by = app_user_id());
CREATE POLICY admins_change ON provider_credentials AS RESTRICTIVE FOR UPDATE TO convene_app
    USING (app_role() IN ('admin', 'super_admin'));
CREATE POLICY admins_remove ON provider_credentials AS RESTRICTIVE FOR DELETE TO convene_app
    USING (app_role() IN ('admin', 'super_admin'));
