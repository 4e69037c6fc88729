-- The first account of an installation, for whoever holds the link that its server has printed.

-- Whether the link still works. It ends when somebody looks after the platform, however they came to it.
CREATE OR REPLACE FUNCTION is_to_be_set_up(hash bytea, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM invitations i
                   WHERE i.token_hash = hash AND i.email IS NULL AND i.accepted_at IS NULL AND i.expires_at > at)
       AND NOT EXISTS (SELECT FROM users u WHERE u.super_admin);
END;

-- Makes a super admin and their organization, whose admin they are. Refuses with invitation_gone or account_exists. Two
-- who do so at once go one after the other, and the second finds the link used.
CREATE OR REPLACE FUNCTION set_up(
    hash bytea, person uuid, address text, person_name text, zone text, hash_of_password text, organization uuid,
    organization_name text, event uuid, at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM invitations i WHERE i.token_hash = hash AND i.email IS NULL FOR UPDATE;
    IF NOT is_to_be_set_up(hash, at) THEN
        PERFORM refuse('invitation_gone');
    END IF;
    INSERT INTO users (id, email, name, time_zone, super_admin)
    VALUES (person, lower(address COLLATE "C"), person_name, zone, true) ON CONFLICT (email) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM refuse('account_exists');
    END IF;
    PERFORM set_config('app.user_id', person::text, true);
    INSERT INTO user_passwords (user_id, hash) VALUES (person, hash_of_password);
    UPDATE invitations i SET accepted_at = at, accepted_by = person WHERE i.token_hash = set_up.hash;
    PERFORM found_organization(organization, organization_name, zone);
    INSERT INTO memberships (organization_id, user_id, role) VALUES (organization, person, 'admin');
    INSERT INTO outbox_events (id, organization_id, aggregate_id, type, payload, audience, occurred_at)
    VALUES (event, organization, person, 'member.joined', jsonb_build_object('userId', person), ARRAY[person], at);
END $$;

CALL entrust('is_to_be_set_up(bytea, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('set_up(bytea, uuid, text, text, text, text, uuid, text, uuid, timestamptz)', 'convene_gate',
             '{convene_app}');
