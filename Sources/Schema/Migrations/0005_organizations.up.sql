-- Organizations, people, who belongs to which, and how they get in.

CREATE TABLE organizations (
    id               uuid PRIMARY KEY,
    slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 200)
        CONSTRAINT organizations_name_line CHECK (is_line(name)),
    time_zone        text NOT NULL DEFAULT 'UTC',
    default_provider meeting_provider_name NOT NULL DEFAULT 'zoom',
    -- Sessions booked from then on take units of the students' contracts; NULL: none do. An organization books on its
    -- first day, before it has written down what anybody bought.
    billed_from      timestamptz,
    -- Of what two people may edit at once, so that the second to save is told and nothing is lost.
    version          bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);

-- People. One person may be a member of several organizations, so a user belongs to none of them.
CREATE TABLE users (
    id          uuid PRIMARY KEY,
    -- What identifies somebody is ASCII in small letters, whatever the database's locale makes of letters: in a Turkish
    -- one the small letter of I is ı.
    email       text NOT NULL CHECK (email = lower(email COLLATE "C") AND length(email) BETWEEN 3 AND 254),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200) CONSTRAINT users_name_line CHECK (is_line(name)),
    time_zone   text NOT NULL DEFAULT 'UTC',
    locale      text NOT NULL DEFAULT 'en',
    super_admin boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_key UNIQUE (email)
);

-- Tenant tables point at (organization_id, user_id) here and not at users: a foreign key is not under row-level
-- security, and this one cannot reach into another organization. Who leaves keeps the row, with left_at.
CREATE TABLE memberships (
    organization_id uuid NOT NULL REFERENCES organizations,
    user_id         uuid NOT NULL REFERENCES users,
    role            text NOT NULL CHECK (role IN ('admin', 'counselor', 'mentor', 'student')),
    role_since      timestamptz NOT NULL DEFAULT now(),
    version         bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    joined_at       timestamptz NOT NULL DEFAULT now(),
    left_at         timestamptz,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_user_id_idx ON memberships (user_id);

-- Says when a membership ended or got another role, and that it is another version. A booking locks the memberships
-- that it relies on, and this runs after the wait for it: a slot made before was there to be listed when somebody left,
-- and none is made after (invariant 26).
CREATE FUNCTION stamp_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role <> OLD.role THEN
        NEW.role_since := clock_timestamp();
    END IF;
    IF OLD.left_at IS NULL AND NEW.left_at IS NOT NULL THEN
        NEW.left_at := clock_timestamp();
    END IF;
    IF NEW.role <> OLD.role OR NEW.left_at IS DISTINCT FROM OLD.left_at THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stamped BEFORE UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION stamp_membership();

-- Two names with one key are one name: without regard to case, to blanks around and between, and to compatible forms
-- of characters (NFKC). Case is that of Unicode's root locale, whatever the database's own is, by way of the upper
-- case, so that ß is ss; and i is one letter with and without its dot, small and capital, as no language has two
-- groups that differ in no more.
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(
    lower(upper(btrim(regexp_replace(normalize(name, NFKC), '\s+', ' ', 'g')) COLLATE "und-x-icu")),
    'i' || chr(775), 'i');

-- People of one organization under one name, for filtering and for choosing many at once.
CREATE TABLE groups (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100)
        CONSTRAINT groups_name_line CHECK (is_line(name))
        CONSTRAINT groups_name_trimmed CHECK (name = btrim(name) AND name <> ''),
    version         bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX groups_name_key ON groups (organization_id, name_key(name));
-- They are listed by name as it is written.
CREATE INDEX groups_name_idx ON groups (organization_id, name, id);

CREATE TABLE group_members (
    organization_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    user_id         uuid NOT NULL,
    added_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, user_id),
    FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES memberships
);
CREATE INDEX group_members_user_id_idx ON group_members (user_id);

-- A way in, mailed to one address and good for one use: into an organization; to found one; or, without either, to be
-- a super admin. It makes an account where there is none, and never changes one that there is. One without an address is
-- the link that sets up an installation which nobody looks after yet.
CREATE TABLE invitations (
    id                 uuid PRIMARY KEY,
    organization_id    uuid REFERENCES organizations,
    email              text CHECK (email = lower(email COLLATE "C") AND length(email) BETWEEN 3 AND 254),
    role               text NOT NULL CHECK (role IN ('super_admin', 'admin', 'counselor', 'mentor', 'student')),
    -- The name of the organization that is to be founded.
    founds             text CHECK (length(founds) BETWEEN 1 AND 200)
        CONSTRAINT invitations_founds_line CHECK (is_line(founds)),
    token_hash         bytea NOT NULL UNIQUE,
    invited_by         uuid REFERENCES users,
    created_at         timestamptz NOT NULL DEFAULT now(),
    expires_at         timestamptz NOT NULL,
    accepted_at        timestamptz,
    accepted_by        uuid REFERENCES users,
    revoked_at         timestamptz,
    -- When its mail was given up, and why: whoever invited is to know.
    delivery_failed_at timestamptz,
    delivery_failure   explanation,
    UNIQUE (organization_id, id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CHECK (CASE WHEN organization_id IS NOT NULL THEN founds IS NULL AND role <> 'super_admin'
                WHEN founds IS NOT NULL THEN role = 'admin'
                ELSE role = 'super_admin' END),
    CHECK (email IS NOT NULL OR role = 'super_admin')
);
CREATE UNIQUE INDEX invitations_open_key ON invitations (organization_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
-- Of several servers that start on one database, the last one's link is the one that works.
CREATE UNIQUE INDEX invitations_set_up_key ON invitations (role) WHERE email IS NULL AND accepted_at IS NULL;
CREATE INDEX invitations_founding_idx ON invitations (expires_at) WHERE founds IS NOT NULL AND accepted_at IS NULL;

-- However a job ends for good: refused, tried too often, or because no worker survived it.
CREATE FUNCTION note_undelivered() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE invitations SET delivery_failed_at = now(), delivery_failure = NEW.last_error
    WHERE id::text = NEW.payload ->> 'invitation';
    RETURN NULL;
END $$;
CREATE TRIGGER undelivered AFTER UPDATE OF state ON queue_jobs FOR EACH ROW
    WHEN (NEW.state = 'dead' AND OLD.state <> 'dead' AND NEW.payload ? 'invitation')
    EXECUTE FUNCTION note_undelivered();

CALL protect('organizations', 'id');
CALL protect('memberships');
CALL protect('groups');
CALL protect('group_members');
CALL protect('invitations');
-- Who has left keeps the row.
REVOKE DELETE ON organizations, memberships, invitations FROM convene_app;

-- A person sees their own memberships in every organization: that is how one is entered.
CREATE POLICY own ON memberships FOR SELECT TO convene_app USING (user_id = (SELECT app_user_id()));
CREATE POLICY own ON organizations FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM memberships m
                   WHERE m.organization_id = organizations.id AND m.user_id = (SELECT app_user_id())));
-- Who may list and found organizations.
CREATE POLICY platform_reads ON organizations FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM users u WHERE u.id = (SELECT app_user_id()) AND u.super_admin));
CREATE POLICY platform_founds ON organizations FOR INSERT TO convene_app WITH CHECK (app_is_platform());
-- A new organization's first rows are written from outside it.
CREATE POLICY platform_reads ON memberships FOR SELECT TO convene_app USING (app_is_platform());

CALL enforce_row_security('users');
CREATE POLICY own ON users TO convene_app USING (id = (SELECT app_user_id())) WITH CHECK (id = (SELECT app_user_id()));
CREATE POLICY colleague ON users FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM memberships m
                   WHERE m.user_id = users.id AND m.organization_id = ANY ((SELECT app_org_ids())::uuid[])));
-- A super admin outside any organization reads the whole audit log, with the names of whoever did something.
CREATE POLICY audit_reader ON users FOR SELECT TO convene_app USING ((SELECT app_is_platform()));
CREATE POLICY worker ON users TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT ON users TO convene_app;
GRANT UPDATE (name, time_zone, locale, updated_at) ON users TO convene_app;
GRANT SELECT, INSERT, UPDATE ON users TO convene_worker;

-- What the gate's functions need to let somebody in, and no more. Each checks a secret before it writes.
CREATE POLICY gate ON organizations TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON memberships TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON invitations TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON users FOR SELECT TO convene_gate USING (true);
CREATE POLICY gate_adds ON users FOR INSERT TO convene_gate WITH CHECK (true);
CREATE POLICY gate_raises ON users FOR UPDATE TO convene_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON organizations, users TO convene_gate;
GRANT UPDATE (super_admin, updated_at) ON users TO convene_gate;
GRANT SELECT, INSERT, UPDATE ON memberships, invitations TO convene_gate;

-- A version says that something has changed, and the log what.
CALL audited('organizations', 'organization', ignored => '{version}', organization_column => 'id');
CALL audited('users', 'user');
CALL audited('memberships', 'membership', 'user_id', ignored => '{version,role_since}');
CALL audited('groups', 'group', ignored => '{version}');
CALL audited('group_members', 'group_member', 'user_id');
CALL audited('invitations', 'invitation');

CALL open_to_backup();
