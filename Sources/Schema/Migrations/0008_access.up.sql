-- Where a request comes from, super admins outside any organization, API keys, and sign-ins that still owe
-- their second factor.

-- How somebody signed in, and what they can recognize the sign-in by. A key for programs is a sign-in too: it is ended,
-- listed and looked at in every request just like the others.
ALTER TABLE sign_ins
    DROP CONSTRAINT sign_ins_medium_check,
    ADD CONSTRAINT sign_ins_medium_check CHECK (medium IN ('browser', 'program', 'key')),
    ADD COLUMN method text NOT NULL DEFAULT 'password' CHECK (length(method) BETWEEN 1 AND 80),
    ADD COLUMN address inet,
    ADD COLUMN agent text CHECK (length(agent) <= 300),
    ADD COLUMN last_seen_at timestamptz,
    -- The password was right, and the second factor has not been shown yet.
    ADD COLUMN needs_second_factor boolean NOT NULL DEFAULT false,
    -- Of keys.
    ADD COLUMN organization_id uuid,
    ADD COLUMN name text CHECK (length(name) BETWEEN 1 AND 100),
    ADD COLUMN scopes text[],
    ADD COLUMN token_hint text,
    ADD CONSTRAINT sign_ins_key_check
        CHECK (num_nonnulls(organization_id, name, scopes) = CASE medium WHEN 'key' THEN 3 ELSE 0 END),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES memberships;

DROP FUNCTION enter(uuid, uuid, uuid, text[]);
DROP FUNCTION identify(uuid, uuid);

CREATE FUNCTION app_address() RETURNS inet LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.address', true), '')::inet;

CREATE FUNCTION app_sign_in() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.sign_in', true), '')::uuid;

-- A super admin outside any organization.
CREATE FUNCTION app_is_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.role', true) = 'super_admin'
                AND coalesce(current_setting('app.org_ids', true), '') = '', false);

-- Makes the rest of the transaction act for this person, without any organization.
CREATE FUNCTION identify(sign_in uuid, person uuid, address text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    half boolean;
BEGIN
    PERFORM set_config('app.user_id', person::text, true), set_config('app.sign_in', sign_in::text, true),
            set_config('app.address', coalesce(address, ''), true), set_config('app.org_ids', '', true),
            set_config('app.role', '', true);
    SELECT s.needs_second_factor INTO half FROM sign_ins s
    WHERE s.id = sign_in AND s.user_id = person AND s.ended_at IS NULL AND s.expires_at > now();
    IF half IS NULL THEN
        PERFORM refuse('signed_out');
    ELSIF half THEN
        PERFORM refuse('second_factor_required');
    END IF;
END $$;

-- Makes the rest of the transaction act for this person in one organization: the one named, the one that their key is
-- for, or the only one they have. The role comes from the membership as it is now, so a role taken away is gone at the
-- next request. With 'platform' among the roles, a super admin who names no organization acts outside them all.
CREATE FUNCTION enter(sign_in uuid, person uuid, organization uuid, roles text[], address text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    bound uuid;
    entered uuid;
    entered_role text;
    choices int;
BEGIN
    PERFORM identify(sign_in, person, address);
    SELECT s.organization_id INTO bound FROM sign_ins s WHERE s.id = sign_in;
    IF bound <> organization THEN
        PERFORM refuse('not_a_member');
    END IF;
    organization := coalesce(organization, bound);
    IF 'platform' = ANY (roles) AND organization IS NULL THEN
        IF EXISTS (SELECT FROM users u WHERE u.id = person AND u.super_admin) THEN
            PERFORM set_config('app.role', 'super_admin', true);
            RETURN;
        ELSIF cardinality(roles) = 1 THEN
            PERFORM refuse('forbidden');
        END IF;
    END IF;
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

-- Who may list and found organizations.
CREATE POLICY platform_reads ON organizations FOR SELECT TO convene_app
    USING (EXISTS (SELECT FROM users u WHERE u.id = (SELECT app_user_id()) AND u.super_admin));
CREATE POLICY platform_founds ON organizations FOR INSERT TO convene_app WITH CHECK (app_is_platform());
GRANT INSERT ON organizations TO convene_app;
-- A new organization's first rows are written from outside it.
CREATE POLICY platform_reads ON memberships FOR SELECT TO convene_app USING (app_is_platform());
-- Who has left keeps the row.
REVOKE DELETE ON memberships FROM convene_app;

-- People of one organization under one name, for filtering and for choosing many at once.
CREATE TABLE groups (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    CONSTRAINT groups_name_key UNIQUE (organization_id, name)
);
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
-- a super admin. It makes an account where there is none, and never changes one that there is.
CREATE TABLE invitations (
    id              uuid PRIMARY KEY,
    organization_id uuid REFERENCES organizations,
    email           text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    role            text NOT NULL CHECK (role IN ('super_admin', 'admin', 'counselor', 'mentor', 'student')),
    -- The name of the organization that is to be founded.
    founds          text CHECK (length(founds) BETWEEN 1 AND 200),
    token_hash      bytea NOT NULL UNIQUE,
    invited_by      uuid REFERENCES users,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    accepted_at     timestamptz,
    accepted_by     uuid REFERENCES users,
    revoked_at      timestamptz,
    UNIQUE (organization_id, id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CHECK (CASE WHEN organization_id IS NOT NULL THEN founds IS NULL AND role <> 'super_admin'
                WHEN founds IS NOT NULL THEN role = 'admin'
                ELSE role = 'super_admin' END)
);
CREATE UNIQUE INDEX invitations_open_key ON invitations (organization_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- Links that sign somebody in, mailed to them.
CREATE TABLE sign_in_links (
    token_hash bytea PRIMARY KEY,
    -- NULL: somebody asked for an address that nobody has. It is kept like the others, and so takes as long.
    user_id    uuid REFERENCES users ON DELETE CASCADE,
    next       text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

-- Refresh tokens that were exchanged already: whoever shows one has stolen it, or was stolen from.
CREATE TABLE spent_refresh_tokens (
    hash       bytea PRIMARY KEY,
    sign_in_id uuid NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    spent_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spent_refresh_tokens_sign_in_id_idx ON spent_refresh_tokens (sign_in_id);

-- Leaky buckets, shared by all servers. What is lost in a crash is forgiven.
CREATE UNLOGGED TABLE rate_limits (
    bucket    text PRIMARY KEY,
    -- Attempts left at `filled_at`; it fills up with time.
    level     double precision NOT NULL,
    filled_at timestamptz NOT NULL
);
CREATE INDEX rate_limits_filled_at_idx ON rate_limits (filled_at);

CALL protect('groups');
CALL protect('group_members');
CALL protect('invitations');
REVOKE DELETE ON invitations FROM convene_app;

ALTER TABLE sign_in_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_links FORCE ROW LEVEL SECURITY;
ALTER TABLE spent_refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent_refresh_tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE rate_limits FORCE ROW LEVEL SECURITY;
CREATE POLICY gate ON sign_in_links TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON spent_refresh_tokens TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON rate_limits TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON sign_in_links TO convene_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON rate_limits TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON sign_in_links, rate_limits TO convene_gate;
GRANT DELETE ON rate_limits TO convene_gate;
GRANT SELECT, INSERT ON spent_refresh_tokens TO convene_gate;
GRANT SELECT, DELETE ON sign_in_links, rate_limits TO convene_worker;

-- What the gate's functions need beyond reading, and no more. Each function checks a secret before it writes.
CREATE POLICY gate_writes ON sign_ins FOR UPDATE TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate_adds ON users FOR INSERT TO convene_gate WITH CHECK (true);
CREATE POLICY gate_adds ON user_passwords FOR INSERT TO convene_gate WITH CHECK (true);
CREATE POLICY gate ON memberships TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON organizations TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON invitations TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY gate_adds ON outbox_events FOR INSERT TO convene_gate WITH CHECK (true);
GRANT UPDATE (refresh_hash, last_seen_at, ended_at) ON sign_ins TO convene_gate;
GRANT INSERT ON users, user_passwords, organizations TO convene_gate;
GRANT UPDATE (super_admin, updated_at) ON users TO convene_gate;
CREATE POLICY gate_raises ON users FOR UPDATE TO convene_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON memberships, invitations TO convene_gate;
GRANT SELECT ON organizations TO convene_gate;
GRANT INSERT ON outbox_events TO convene_gate;

-- People change their own password, having shown the old one.
CREATE POLICY own ON user_passwords TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
GRANT INSERT, UPDATE ON user_passwords TO convene_app;
GRANT SELECT (user_id, updated_at) ON user_passwords TO convene_app;

-- A mail to somebody who is in no organization, or not yet.
CREATE POLICY letters ON queue_jobs FOR INSERT TO convene_app
    WITH CHECK (organization_id IS NULL AND kind = 'mail');

-- Takes one attempt out of a bucket of `capacity`, into which one comes back every `refill`.
-- Returns 0, or how many seconds to wait when it is empty.
CREATE FUNCTION spend(wanted text, capacity int, refill interval, at timestamptz) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pace double precision := extract(epoch FROM refill);
    had double precision;
BEGIN
    INSERT INTO rate_limits AS r (bucket, level, filled_at) VALUES (wanted, capacity, at)
    ON CONFLICT (bucket) DO UPDATE
        SET level = least(capacity, r.level + greatest(0, extract(epoch FROM at - r.filled_at)) / pace), filled_at = at
    RETURNING level INTO had;
    IF had < 1 THEN
        RETURN (1 - had) * pace;
    END IF;
    UPDATE rate_limits SET level = level - 1 WHERE bucket = wanted;
    RETURN 0;
END $$;

-- Takes one guess at an account's password. An address has few; the account has more, over all addresses. When those are
-- used up, an address that has not been wrong about this account still has one: whoever guesses cannot lock the owner
-- out. Returns 0, or how many seconds to wait.
CREATE FUNCTION guess(account text, origin text, at timestamptz) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wait double precision := spend('origin/' || origin, 30, interval '20 seconds', at);
    is_first boolean;
BEGIN
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    wait := spend('pair/' || account || '/' || origin, 5, interval '1 minute', at);
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    SELECT level >= 4 INTO is_first FROM rate_limits WHERE bucket = 'pair/' || account || '/' || origin;
    wait := spend('account/' || account, 50, interval '36 seconds', at);
    RETURN CASE WHEN is_first THEN 0 ELSE wait END;
END $$;

-- Gives back what a right attempt took.
CREATE FUNCTION refund(wanted text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE rate_limits SET level = level + 1 WHERE bucket = ANY (wanted);
END;

-- Who is behind a mail address, before anybody has signed in.
CREATE FUNCTION account_of(address text) RETURNS TABLE (user_id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, u.name FROM users u WHERE u.email = lower(address);
END;

-- Exchanges a refresh token for the next. One that was exchanged before ends its sign-in.
DROP FUNCTION sign_in_of(bytea);
CREATE FUNCTION exchange_refresh_token(shown bytea, next bytea) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        UPDATE sign_ins s SET refresh_hash = next, last_seen_at = now()
        WHERE s.refresh_hash = shown AND s.ended_at IS NULL AND s.expires_at > now() AND NOT s.needs_second_factor
        RETURNING s.id, s.user_id;
    IF FOUND THEN
        INSERT INTO spent_refresh_tokens (hash, sign_in_id) SELECT shown, s.id FROM sign_ins s WHERE s.refresh_hash = next;
    ELSE
        UPDATE sign_ins s SET ended_at = now()
        FROM spent_refresh_tokens t WHERE t.hash = shown AND s.id = t.sign_in_id AND s.ended_at IS NULL;
    END IF;
END $$;

-- Whose key has this hash, and that it was used.
CREATE FUNCTION use_key(shown bytea) RETURNS TABLE (id uuid, user_id uuid, scopes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE sign_ins s SET last_seen_at = now()
    WHERE s.refresh_hash = shown AND s.medium = 'key' AND s.ended_at IS NULL
      AND (s.last_seen_at IS NULL OR s.last_seen_at < now() - interval '1 minute');
    RETURN QUERY SELECT s.id, s.user_id, s.scopes FROM sign_ins s
        WHERE s.refresh_hash = shown AND s.medium = 'key' AND s.ended_at IS NULL AND s.expires_at > now();
END $$;

-- Keeps a link for anyone who has that address. Returns whether anybody has.
CREATE FUNCTION keep_sign_in_link(address text, hash bytea, next text, expiry timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO sign_in_links (token_hash, user_id, next, expires_at)
    VALUES (hash, (SELECT u.id FROM users u WHERE u.email = lower(address)), next, expiry);
    RETURN EXISTS (SELECT FROM users u WHERE u.email = lower(address));
END $$;

-- Uses a link up.
CREATE FUNCTION use_sign_in_link(hash bytea, at timestamptz) RETURNS TABLE (user_id uuid, next text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE sign_in_links l SET used_at = at
    WHERE l.token_hash = hash AND l.user_id IS NOT NULL AND l.used_at IS NULL AND l.expires_at > at
    RETURNING l.user_id, l.next;
END;

-- What an open invitation says to whoever holds its token.
CREATE FUNCTION invitation_of(hash bytea, at timestamptz)
RETURNS TABLE (id uuid, organization_id uuid, organization_name text, founds text, email text, role text,
               inviter text, expires_at timestamptz, has_account boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT i.id, i.organization_id, coalesce(o.name, i.founds), i.founds, i.email, i.role, u.name, i.expires_at,
           EXISTS (SELECT FROM users a WHERE a.email = i.email)
    FROM invitations i LEFT JOIN organizations o ON o.id = i.organization_id LEFT JOIN users u ON u.id = i.invited_by
    WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > at;
END;

-- Keeps an invitation from outside any organization: to found one.
CREATE FUNCTION keep_founding(invitation uuid, address text, organization text, hash bytea, expiry timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO invitations (id, email, role, founds, token_hash, expires_at)
    VALUES (invitation, lower(address), 'admin', organization, hash, expiry);
END;

-- Carries an invitation out for `person`, whose address must be the invited one: a new account when `hash_of_password`
-- or `verified_elsewhere` comes with it, else one that has signed in. Refuses with invitation_gone, account_exists or
-- invitation_for_another.
CREATE FUNCTION accept_invitation(
    hash bytea, person uuid, person_name text, zone text, hash_of_password text, verified_elsewhere boolean,
    organization uuid, event uuid, at timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    invitation invitations;
    joined uuid;
    wanted_slug text;
BEGIN
    SELECT * INTO invitation FROM invitations i
    WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > at
    FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse('invitation_gone');
    END IF;
    IF hash_of_password IS NOT NULL OR verified_elsewhere THEN
        INSERT INTO users (id, email, name, time_zone) VALUES (person, invitation.email, person_name, zone)
        ON CONFLICT (email) DO NOTHING;
        IF NOT FOUND THEN
            PERFORM refuse('account_exists');
        END IF;
        PERFORM set_config('app.user_id', person::text, true);
        IF hash_of_password IS NOT NULL THEN
            INSERT INTO user_passwords (user_id, hash) VALUES (person, hash_of_password);
        END IF;
    ELSIF NOT EXISTS (SELECT FROM users u WHERE u.id = person AND u.email = invitation.email) THEN
        PERFORM refuse('invitation_for_another');
    END IF;
    UPDATE invitations i SET accepted_at = at, accepted_by = person WHERE i.id = invitation.id;
    IF invitation.role = 'super_admin' THEN
        UPDATE users u SET super_admin = true, updated_at = at WHERE u.id = person;
        RETURN NULL;
    END IF;
    joined := invitation.organization_id;
    IF invitation.founds IS NOT NULL THEN
        joined := organization;
        wanted_slug := trim(BOTH '-' FROM left(regexp_replace(lower(invitation.founds), '[^a-z0-9]+', '-', 'g'), 40));
        INSERT INTO organizations (id, slug, name, time_zone)
        SELECT joined, wanted_slug, invitation.founds, zone WHERE wanted_slug <> '' ON CONFLICT (slug) DO NOTHING;
        IF NOT FOUND THEN
            wanted_slug := trim(LEADING '-' FROM wanted_slug || '-' || right(joined::text, 8));
            INSERT INTO organizations (id, slug, name, time_zone) VALUES (joined, wanted_slug, invitation.founds, zone);
        END IF;
    END IF;
    -- Who is a member keeps the role they have; who has left comes back.
    INSERT INTO memberships AS m (organization_id, user_id, role) VALUES (joined, person, invitation.role)
    ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role, left_at = NULL, joined_at = at
        WHERE m.left_at IS NOT NULL;
    INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload, audience, occurred_at)
    VALUES (event, joined, person, 'member.joined', jsonb_build_object('userId', person), ARRAY[person], at);
    RETURN joined;
END $$;

DO $$
DECLARE
    door text;
BEGIN
    GRANT CREATE ON SCHEMA public TO convene_gate;
    FOREACH door IN ARRAY ARRAY[
        'spend(text, int, interval, timestamptz)', 'guess(text, text, timestamptz)', 'refund(text[])',
        'account_of(text)',
        'exchange_refresh_token(bytea, bytea)', 'use_key(bytea)',
        'keep_sign_in_link(text, bytea, text, timestamptz)', 'use_sign_in_link(bytea, timestamptz)',
        'invitation_of(bytea, timestamptz)', 'keep_founding(uuid, text, text, bytea, timestamptz)',
        'accept_invitation(bytea, uuid, text, text, text, boolean, uuid, uuid, timestamptz)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO convene_gate', door);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO convene_app', door);
    END LOOP;
    REVOKE CREATE ON SCHEMA public FROM convene_gate;
END $$;
