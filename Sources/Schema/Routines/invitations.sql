-- Invitations, seen and accepted by whoever holds their token.

-- What an open invitation says to whoever holds its token.
CREATE OR REPLACE FUNCTION invitation_of(hash bytea, at timestamptz)
RETURNS TABLE (id uuid, organization_id uuid, organization_name text, founds text, email text, role text,
               inviter text, expires_at timestamptz, has_account boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT i.id, i.organization_id, coalesce(o.name, i.founds), i.founds, i.email, i.role, u.name, i.expires_at,
           EXISTS (SELECT FROM users a WHERE a.email = i.email)
    FROM invitations i LEFT JOIN organizations o ON o.id = i.organization_id LEFT JOIN users u ON u.id = i.invited_by
    WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > at
      AND i.email IS NOT NULL;
END;

-- Keeps an invitation from outside any organization: to found one.
CREATE OR REPLACE FUNCTION keep_founding(
    invitation uuid, address text, organization text, hash bytea, expiry timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO invitations (id, email, role, founds, token_hash, expires_at)
    VALUES (invitation, lower(address COLLATE "C"), 'admin', organization, hash, expiry);
END;

-- Makes an organization, under a short name that is made of its name and is free.
CREATE OR REPLACE FUNCTION found_organization(organization uuid, title text, zone text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted_slug text :=
        trim(BOTH '-' FROM left(regexp_replace(lower(title COLLATE "C"), '[^a-z0-9]+', '-', 'g'), 40));
BEGIN
    INSERT INTO organizations (id, slug, name, time_zone)
    SELECT organization, wanted_slug, title, zone WHERE wanted_slug <> '' ON CONFLICT (slug) DO NOTHING;
    IF NOT FOUND THEN
        wanted_slug := trim(LEADING '-' FROM wanted_slug || '-' || right(organization::text, 8));
        INSERT INTO organizations (id, slug, name, time_zone) VALUES (organization, wanted_slug, title, zone);
    END IF;
END $$;

-- Carries an invitation out for `person`, whose address must be the invited one: a new account when `hash_of_password`
-- or `verified_elsewhere` comes with it, else one that has signed in. Refuses with invitation_gone, account_exists or
-- invitation_for_another.
CREATE OR REPLACE FUNCTION accept_invitation(
    hash bytea, person uuid, person_name text, zone text, hash_of_password text, verified_elsewhere boolean,
    organization uuid, event uuid, at timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    invitation invitations;
    joined uuid;
BEGIN
    SELECT * INTO invitation FROM invitations i
    WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > at
      AND i.email IS NOT NULL
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
        PERFORM found_organization(joined, invitation.founds, zone);
    END IF;
    -- Who is a member keeps the role they have; who has left comes back.
    INSERT INTO memberships AS m (organization_id, user_id, role) VALUES (joined, person, invitation.role)
    ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role, left_at = NULL, joined_at = at
        WHERE m.left_at IS NOT NULL;
    INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload, audience, occurred_at)
    VALUES (event, joined, person, 'member.joined', jsonb_build_object('userId', person), ARRAY[person], at);
    RETURN joined;
END $$;

CALL entrust('invitation_of(bytea, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('keep_founding(uuid, text, text, bytea, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('accept_invitation(bytea, uuid, text, text, text, boolean, uuid, uuid, timestamptz)', 'convene_gate',
             '{convene_app}');
