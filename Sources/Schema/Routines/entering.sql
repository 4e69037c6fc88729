-- How a transaction comes to act for somebody.

-- A rule of the product says no: the transaction ends with SQLSTATE CV001, the code as message.
CREATE OR REPLACE FUNCTION refuse(code text, detail jsonb DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF detail IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'CV001', MESSAGE = code;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'CV001', MESSAGE = code, DETAIL = detail::text;
END $$;

-- Makes the rest of the transaction act for this person, without any organization. Returns the one that their key is for,
-- if they came with a key.
CREATE OR REPLACE FUNCTION identify(sign_in uuid, person uuid, address text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    half boolean;
    bound uuid;
BEGIN
    PERFORM set_config('app.user_id', person::text, true), set_config('app.sign_in', sign_in::text, true),
            set_config('app.address', coalesce(address, ''), true), set_config('app.org_ids', '', true),
            set_config('app.role', '', true);
    SELECT s.needs_second_factor, s.organization_id INTO half, bound FROM sign_ins s
    WHERE s.id = sign_in AND s.user_id = person AND s.ended_at IS NULL AND s.expires_at > now();
    IF half IS NULL THEN
        PERFORM refuse('signed_out');
    ELSIF half THEN
        PERFORM refuse('second_factor_required');
    END IF;
    RETURN bound;
END $$;

-- Makes the rest of the transaction act for this person in one organization: the one named, the one that their key is
-- for, or the only one they have. The role comes from the membership as it is now, so a role taken away is gone at the
-- next request. With 'platform' among the roles, a super admin who names no organization acts outside them all.
CREATE OR REPLACE FUNCTION enter(sign_in uuid, person uuid, organization uuid, roles text[], address text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    bound uuid := identify(sign_in, person, address);
    entered uuid;
    entered_role text;
    choices int;
BEGIN
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
    -- Members are in an organization that there is; a super admin names whatever they like.
    IF choices = 0 AND NOT EXISTS (SELECT FROM organizations o WHERE o.id = entered) THEN
        PERFORM refuse('not_a_member');
    END IF;
END $$;
