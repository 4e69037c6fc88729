-- Members are listed by name, and found by what one types of it. Row-level security looks at each person by way of their
-- membership, so with the name in users alone an organization of 10,000 is read whole for its first twenty (130 ms); and
-- no index that finds part of a word may be used there at all. So a membership has a copy.

-- What finds a text is without case and accents, so that "wisn" finds Wiśniewska: marks of Latin, Greek, Cyrillic, Hebrew
-- and Arabic letters go, and so do strokes, which Unicode does not take for marks.
CREATE FUNCTION search_key(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN name_key(regexp_replace(normalize(translate(words, 'ŁłØøĐđĦħŦŧ', 'LlOoDdHhTt'), NFKD),
    U&'[\0300-\036f\0591-\05c7\064b-\065f]', '', 'g'));

-- By what a person is found.
CREATE FUNCTION search_key(name text, email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_key(name) || ' ' || search_key(email);

ALTER TABLE memberships ADD COLUMN name text, ADD COLUMN found_by text;

-- Comes before row-level security: a copy for a person whom the one who takes them in may not see yet.
CREATE FUNCTION name_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Waits for one who is just taking another name, or has them wait; then name_memberships() sees this row.
    SELECT u.name, search_key(u.name, u.email) INTO NEW.name, NEW.found_by
    FROM users u WHERE u.id = NEW.user_id FOR SHARE;
    -- Of nobody: the foreign key refuses it, in its own words.
    IF NOT FOUND THEN
        NEW.name := '';
        NEW.found_by := '';
    END IF;
    RETURN NEW;
END $$;
CALL entrust('name_membership()', 'convene_gate');

CREATE FUNCTION name_memberships() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE memberships SET name = NEW.name, found_by = search_key(NEW.name, NEW.email)
    WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CALL entrust('name_memberships()', 'convene_gate');

-- The person's entry in the log says what they are called now.
CALL audited('memberships', 'membership', 'user_id', ignored => '{version,role_since,name,found_by}');

-- The owner is bound by row-level security too, which shows them nobody.
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
UPDATE memberships m SET name = u.name, found_by = search_key(u.name, u.email)
FROM users u WHERE u.id = m.user_id;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships ALTER COLUMN name SET NOT NULL, ALTER COLUMN found_by SET NOT NULL;

CREATE TRIGGER named BEFORE INSERT ON memberships FOR EACH ROW EXECUTE FUNCTION name_membership();
CREATE TRIGGER named_memberships AFTER UPDATE OF name, email ON users FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR OLD.email <> NEW.email) EXECUTE FUNCTION name_memberships();

CREATE INDEX memberships_name_idx ON memberships (organization_id, name, user_id) WHERE left_at IS NULL;
