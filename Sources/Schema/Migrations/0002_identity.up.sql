CREATE TABLE organizations (
    id               uuid PRIMARY KEY,
    slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    time_zone        text NOT NULL DEFAULT 'UTC',
    default_provider text NOT NULL DEFAULT 'zoom'
        CHECK (default_provider IN ('feishu', 'zoom', 'teams', 'google_meet', 'room')),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);

-- People. One person may be a member of several organizations, so a user belongs to none of them.
CREATE TABLE users (
    id          uuid PRIMARY KEY,
    email       text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    time_zone   text NOT NULL DEFAULT 'UTC',
    locale      text NOT NULL DEFAULT 'en',
    super_admin boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_key UNIQUE (email)
);

-- Apart from users, so that no listing of people can ever carry a hash along.
CREATE TABLE user_passwords (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    hash       text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Tenant tables point at (organization_id, user_id) here and not at users: a foreign key is not under row-level
-- security, and this one cannot reach into another organization. Who leaves keeps the row, with left_at.
CREATE TABLE memberships (
    organization_id uuid NOT NULL REFERENCES organizations,
    user_id         uuid NOT NULL REFERENCES users,
    role            text NOT NULL CHECK (role IN ('admin', 'counselor', 'mentor', 'student')),
    joined_at       timestamptz NOT NULL DEFAULT now(),
    left_at         timestamptz,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_user_id_idx ON memberships (user_id);

-- One row for each time somebody signed in: in a browser (cookie) or as a program (refresh token). Every token names
-- its row, so that ending the row ends the token at its next use.
CREATE TABLE sign_ins (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    medium       text NOT NULL CHECK (medium IN ('browser', 'program')),
    refresh_hash bytea UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX sign_ins_user_id_idx ON sign_ins (user_id);

CALL protect('organizations', 'id');
CALL protect('memberships');
REVOKE INSERT, DELETE ON organizations FROM convene_app;

-- A person sees their own memberships in every organization: that is how one is entered.
CREATE POLICY own ON memberships FOR SELECT TO convene_app USING (user_id = (SELECT app_user_id()));
CREATE POLICY own ON organizations FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM memberships m
                   WHERE m.organization_id = organizations.id AND m.user_id = (SELECT app_user_id())));

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON users TO convene_app USING (id = (SELECT app_user_id())) WITH CHECK (id = (SELECT app_user_id()));
CREATE POLICY colleague ON users FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM memberships m
                   WHERE m.user_id = users.id AND m.organization_id = ANY ((SELECT app_org_ids())::uuid[])));
CREATE POLICY worker ON users TO convene_worker USING (true) WITH CHECK (true);
CREATE POLICY gate ON users FOR SELECT TO convene_gate USING (true);
GRANT SELECT ON users TO convene_app, convene_gate;
GRANT UPDATE (name, time_zone, locale, updated_at) ON users TO convene_app;
GRANT SELECT, INSERT, UPDATE ON users TO convene_worker;

ALTER TABLE user_passwords ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_passwords FORCE ROW LEVEL SECURITY;
CREATE POLICY gate ON user_passwords FOR SELECT TO convene_gate USING (true);
CREATE POLICY worker ON user_passwords TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT ON user_passwords TO convene_gate;
GRANT SELECT, INSERT, UPDATE ON user_passwords TO convene_worker;

ALTER TABLE sign_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sign_ins TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON sign_ins TO convene_worker USING (true) WITH CHECK (true);
CREATE POLICY gate ON sign_ins FOR SELECT TO convene_gate USING (true);
GRANT SELECT, INSERT, UPDATE ON sign_ins TO convene_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO convene_worker;
GRANT SELECT ON sign_ins TO convene_gate;

-- Who is behind an address, before anybody has signed in. It runs as convene_gate, which can read and nothing else.
CREATE FUNCTION password_of(address text) RETURNS TABLE (user_id uuid, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, p.hash FROM users u JOIN user_passwords p ON p.user_id = u.id WHERE u.email = lower(address);
END;

-- Whose refresh token has this hash.
CREATE FUNCTION sign_in_of(hash bytea) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.user_id FROM sign_ins s
    WHERE s.refresh_hash = hash AND s.ended_at IS NULL AND s.expires_at > now();
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION password_of(text) OWNER TO convene_gate;
ALTER FUNCTION sign_in_of(bytea) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION password_of(text), sign_in_of(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION password_of(text), sign_in_of(bytea) TO convene_app;

-- Makes the rest of the transaction act for this person, without any organization.
CREATE FUNCTION identify(sign_in uuid, person uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.user_id', person::text, true), set_config('app.org_ids', '', true),
            set_config('app.role', '', true);
    IF NOT EXISTS (SELECT FROM sign_ins s WHERE s.id = sign_in AND s.user_id = person
                   AND s.ended_at IS NULL AND s.expires_at > now()) THEN
        PERFORM refuse('signed_out');
    END IF;
END $$;

-- Makes the rest of the transaction act for this person in one organization: the one named, or the only one they
-- have. The role comes from the membership as it is now, so a role taken away is gone at the next request.
CREATE FUNCTION enter(sign_in uuid, person uuid, organization uuid, roles text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entered uuid;
    entered_role text;
    choices int;
BEGIN
    PERFORM identify(sign_in, person);
    SELECT count(*), min(m.organization_id::text)::uuid, min(m.role) INTO choices, entered, entered_role
    FROM memberships m
    WHERE m.user_id = person AND m.left_at IS NULL AND (organization IS NULL OR m.organization_id = organization);
    IF choices > 1 THEN
        PERFORM refuse('organization_required');
    ELSIF choices = 0 THEN
        IF NOT EXISTS (SELECT FROM users u WHERE u.id = person AND u.super_admin) THEN
            PERFORM refuse('not_a_member');
        ELSIF organization IS NULL THEN
            PERFORM refuse('organization_required');
        END IF;
        entered := organization;
        entered_role := 'super_admin';
    END IF;
    IF entered_role <> ALL (roles) THEN
        PERFORM refuse('forbidden');
    END IF;
    PERFORM set_config('app.org_ids', '{' || entered || '}', true), set_config('app.role', entered_role, true);
END $$;
