-- Secrets at rest.

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
    CONSTRAINT sealed_with_a_key_in_use CHECK (VALUE IS NULL OR NOT is_retired_key(substring(VALUE FROM 2 FOR 4)));

-- One value that the first process of the installation has sealed. Whoever cannot open it has other keys than those that
-- the secrets here are sealed with. Not of the type `sealed`, since it is nobody's: KeyCheck.swift seals it anew itself.
CREATE TABLE key_check (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    value   bytea NOT NULL
);

CALL open_to_backup();
