-- Where a request comes from, super admins outside any organisation, keys for programs, and sign-ins that still owe
-- their second factor.

-- How somebody signed in, and what they can recognise the sign-in by. A key for programs is a sign-in too: it is ended,
-- listed and looked at in every request just like the others.
ALTER TABLE sign_ins
    DROP CONSTRAINT sign_ins_medium_check,
    ADD CONSTRAINT sign_ins_medium_check CHECK (medium IN ('browser', 'program', 'key')),
    ADD COLUMN method text NOT NULL DEFAULT 'password' CHECK (length(method) BETWEEN 1 AND 80),
    ADD COLUMN address inet,
    ADD COLUMN agent text CHECK (length(agent) <= 300),
    ADD COLUMN last_seen_at timestamptz,
    -- The password was right, and the second factor has not been shown yet.
    ADD COLUMN is_half boolean NOT NULL DEFAULT false,
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

-- A super admin outside any organisation.
CREATE FUNCTION app_is_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.role', true) = 'super_admin'
                AND coalesce(current_setting('app.org_ids', true), '') = '', false);

-- Makes the rest of the transaction act for this person, without any organisation.
CREATE FUNCTION identify(sign_in uuid, person uuid, address text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    half boolean;
BEGIN
    PERFORM set_config('app.user_id', person::text, true), set_config('app.sign_in', sign_in::text, true),
            set_config('app.address', coalesce(address, ''), true), set_config('app.org_ids', '', true),
            set_config('app.role', '', true);
    SELECT s.is_half INTO half FROM sign_ins s
    WHERE s.id = sign_in AND s.user_id = person AND s.ended_at IS NULL AND s.expires_at > now();
    IF half IS NULL THEN
        PERFORM refuse('signed_out');
    ELSIF half THEN
        PERFORM refuse('second_factor_required');
    END IF;
END $$;

-- Makes the rest of the transaction act for this person in one organisation: the one named, the one that their key is
-- for, or the only one they have. The role comes from the membership as it is now, so a role taken away is gone at the
-- next request. With 'platform' among the roles, a super admin who names no organisation acts outside them all.
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
