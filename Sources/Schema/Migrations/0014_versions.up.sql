-- Versions of what two people may edit at once, so that the second to save is told and nothing is lost; and groups'
-- names, which are one name however they are written.

ALTER TABLE organizations ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE groups ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE memberships ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE user_preferences ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);

-- Two names with one key are one name: without regard to case, to blanks around and between, and to compatible forms
-- of characters (NFKC). Case is that of Unicode's root locale, whatever the database's own is, by way of the upper
-- case, so that ß is ss; and i is one letter with and without its dot, small and capital, as no language has two groups
-- that differ in no more.
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(
    lower(upper(btrim(regexp_replace(normalize(name, NFKC), '\s+', ' ', 'g')) COLLATE "und-x-icu")), 'i' || chr(775), 'i');

ALTER TABLE groups DROP CONSTRAINT groups_name_key;
-- The owner may be held by row-level security too; background work sees every organization.
SET LOCAL ROLE convene_worker;
UPDATE groups SET name = coalesce(nullif(btrim(name), ''), 'Group') WHERE name <> btrim(name) OR btrim(name) = '';
UPDATE groups g SET name = left(g.name, 90) || ' (' || right(g.id::text, 6) || ')'
FROM (SELECT id, row_number() OVER (PARTITION BY organization_id, name_key(name) ORDER BY created_at, id) AS place
      FROM groups) r
WHERE r.id = g.id AND r.place > 1;
RESET ROLE;

ALTER TABLE groups ADD CONSTRAINT groups_name_trimmed CHECK (name = btrim(name) AND name <> '');
CREATE UNIQUE INDEX groups_name_key ON groups (organization_id, name_key(name));
-- They are listed by name as it is written.
CREATE INDEX groups_name_idx ON groups (organization_id, name, id);

-- A version says that something has changed, and the log what.
CALL audited('organizations', 'organization', ignored => '{version}', organization_column => 'id');
CALL audited('groups', 'group', ignored => '{version}');
CALL audited('memberships', 'membership', 'user_id', ignored => '{version}');
CALL audited('user_preferences', 'preferences', 'user_id', ignored => '{version}');
