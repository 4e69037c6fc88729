DROP FUNCTION password_of(text);
CREATE FUNCTION password_of(address text) RETURNS TABLE (user_id uuid, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, p.hash FROM users u JOIN user_passwords p ON p.user_id = u.id WHERE u.email = lower(address);
END;
GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION password_of(text) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION password_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION password_of(text) TO convene_app;
DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'account_of(text)', 'keep_sign_in_link(text, bytea, text, timestamptz)',
        'keep_founding(uuid, text, text, bytea, timestamptz)',
        'accept_invitation(bytea, uuid, text, text, text, boolean, uuid, uuid, timestamptz)']::regprocedure[]
    LOOP
        EXECUTE regexp_replace(
            pg_get_functiondef(door), 'lower\((?:\(([\w.]+) COLLATE "C"\)|([\w.]+) COLLATE "C")\)', 'lower(\1\2)', 'g');
    END LOOP;
END $$;
ALTER TABLE invitations DROP CONSTRAINT invitations_email_check,
    ADD CONSTRAINT invitations_email_check CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254);
ALTER TABLE users DROP CONSTRAINT users_email_check,
    ADD CONSTRAINT users_email_check CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254);
