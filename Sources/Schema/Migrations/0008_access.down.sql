DROP FUNCTION accept_invitation(bytea, uuid, text, text, text, boolean, uuid, uuid, timestamptz);
DROP FUNCTION keep_founding(uuid, text, text, bytea, timestamptz);
DROP FUNCTION invitation_of(bytea, timestamptz);
DROP FUNCTION use_sign_in_link(bytea, timestamptz);
DROP FUNCTION keep_sign_in_link(text, bytea, text, timestamptz);
DROP FUNCTION use_key(bytea);
DROP FUNCTION exchange_refresh_token(bytea, bytea);
DROP FUNCTION account_of(text);
DROP FUNCTION refund(text[]);
DROP FUNCTION guess(text, text, timestamptz);
DROP FUNCTION spend(text, int, interval, timestamptz);
DROP POLICY letters ON queue_jobs;
DROP POLICY own ON user_passwords;
REVOKE ALL ON user_passwords FROM convene_app;
REVOKE ALL (user_id, updated_at) ON user_passwords FROM convene_app;
DROP POLICY gate_adds ON outbox_events;
DROP POLICY gate ON organizations;
DROP POLICY gate ON memberships;
DROP POLICY gate_adds ON user_passwords;
DROP POLICY gate_adds ON users;
DROP POLICY gate_raises ON users;
DROP POLICY gate_writes ON sign_ins;
REVOKE UPDATE (refresh_hash, last_seen_at, ended_at) ON sign_ins FROM convene_gate;
REVOKE INSERT ON users, user_passwords, organizations FROM convene_gate;
REVOKE UPDATE (super_admin, updated_at) ON users FROM convene_gate;
REVOKE ALL ON memberships, organizations, outbox_events FROM convene_gate;
DROP TABLE rate_limits;
DROP TABLE spent_refresh_tokens;
DROP TABLE sign_in_links;
DROP TABLE invitations;
DROP TABLE group_members;
DROP TABLE groups;
GRANT DELETE ON memberships TO convene_app;
DROP POLICY platform_reads ON memberships;
REVOKE INSERT ON organizations FROM convene_app;
DROP POLICY platform_founds ON organizations;
DROP POLICY platform_reads ON organizations;
DROP FUNCTION enter(uuid, uuid, uuid, text[], text);
DROP FUNCTION identify(uuid, uuid, text);
DROP FUNCTION app_is_platform();
DROP FUNCTION app_sign_in();
DROP FUNCTION app_address();
DELETE FROM sign_ins WHERE medium = 'key' OR needs_second_factor;
ALTER TABLE sign_ins
    DROP CONSTRAINT sign_ins_medium_check,
    DROP COLUMN method, DROP COLUMN address, DROP COLUMN agent, DROP COLUMN last_seen_at, DROP COLUMN needs_second_factor,
    DROP COLUMN organization_id, DROP COLUMN name, DROP COLUMN scopes, DROP COLUMN token_hint,
    ADD CONSTRAINT sign_ins_medium_check CHECK (medium IN ('browser', 'program'));

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

-- Whose refresh token has this hash.
CREATE FUNCTION sign_in_of(hash bytea) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.user_id FROM sign_ins s
    WHERE s.refresh_hash = hash AND s.ended_at IS NULL AND s.expires_at > now();
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION sign_in_of(bytea) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION sign_in_of(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sign_in_of(bytea) TO convene_app;
