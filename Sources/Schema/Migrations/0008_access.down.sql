DROP FUNCTION enter(uuid, uuid, uuid, text[], text);
DROP FUNCTION identify(uuid, uuid, text);
DROP FUNCTION app_is_platform();
DROP FUNCTION app_sign_in();
DROP FUNCTION app_address();
DELETE FROM sign_ins WHERE medium = 'key' OR is_half;
ALTER TABLE sign_ins
    DROP CONSTRAINT sign_ins_medium_check,
    DROP COLUMN method, DROP COLUMN address, DROP COLUMN agent, DROP COLUMN last_seen_at, DROP COLUMN is_half,
    DROP COLUMN organization_id, DROP COLUMN name, DROP COLUMN scopes, DROP COLUMN token_hint,
    ADD CONSTRAINT sign_ins_medium_check CHECK (medium IN ('browser', 'program'));

-- Makes the rest of the transaction act for this person, without any organisation.
CREATE FUNCTION identify(sign_in uuid, person uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.user_id', person::text, true), set_config('app.org_ids', '', true),
            set_config('app.role', '', true);
    IF NOT EXISTS (SELECT FROM sign_ins s WHERE s.id = sign_in AND s.user_id = person
                   AND s.ended_at IS NULL AND s.expires_at > now()) THEN
        PERFORM refuse('signed_out');
    END IF;
END $$;

-- Makes the rest of the transaction act for this person in one organisation: the one named, or the only one they
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
