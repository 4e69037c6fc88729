-- The second factor: an authenticator app (RFC 6238), and codes on paper for when the phone is lost.
CREATE TABLE user_totp (
    user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret       sealed NOT NULL,
    -- Until the first right code it is only being set up, and asks for nothing.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: no code works twice.
    last_step    bigint,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recovery_codes (
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['user_totp', 'recovery_codes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own ON %I TO convene_app USING (user_id = (SELECT app_user_id())) '
            'WITH CHECK (user_id = (SELECT app_user_id()))', name);
        EXECUTE format('CREATE POLICY worker ON %I TO convene_worker USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO convene_app, convene_worker', name);
    END LOOP;
END $$;

CALL audited('user_totp', 'second_factor', 'user_id', ignored => '{last_step}');
CALL audited('recovery_codes', 'recovery_code', 'user_id');
CALL audited('groups', 'group');
CALL audited('group_members', 'group_member', 'user_id');
CALL audited('invitations', 'invitation');
CALL audited('provider_credentials', 'provider_account', 'provider',
             ignored => '{version,checked_at,check_outcome,check_detail}');
