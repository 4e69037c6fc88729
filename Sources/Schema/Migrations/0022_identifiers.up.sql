-- What identifies somebody or something is ASCII in small letters, whatever the database's locale makes of letters: in a
-- Turkish one the small letter of I is ı, and "IT School" would be found under t-school.
ALTER TABLE users DROP CONSTRAINT users_email_check,
    ADD CONSTRAINT users_email_check CHECK (email = lower(email COLLATE "C") AND length(email) BETWEEN 3 AND 254);
ALTER TABLE invitations DROP CONSTRAINT invitations_email_check,
    ADD CONSTRAINT invitations_email_check CHECK (email = lower(email COLLATE "C") AND length(email) BETWEEN 3 AND 254);
DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'account_of(text)', 'keep_sign_in_link(text, bytea, text, timestamptz)',
        'keep_founding(uuid, text, text, bytea, timestamptz)',
        'accept_invitation(bytea, uuid, text, text, text, boolean, uuid, uuid, timestamptz)']::regprocedure[]
    LOOP
        EXECUTE regexp_replace(pg_get_functiondef(door), 'lower\(([\w.]+)\)', 'lower(\1 COLLATE "C")', 'g');
    END LOOP;
END $$;

-- The password of an address, and since when it is that: a sign-in that it opens names the moment, and is refused when
-- another password has been set meanwhile.
DROP FUNCTION password_of(text);
CREATE FUNCTION password_of(address text) RETURNS TABLE (user_id uuid, hash text, set_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, p.hash, p.updated_at FROM users u JOIN user_passwords p ON p.user_id = u.id
    WHERE u.email = lower(address COLLATE "C");
END;
GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION password_of(text) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION password_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION password_of(text) TO convene_app;
