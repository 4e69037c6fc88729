-- Who somebody is, before they have signed in.

-- The password of an address, and since when it is that: a sign-in that it opens names the moment, and is refused when
-- another password has been set meanwhile. It runs as convene_gate, which can read and nothing else.
CREATE OR REPLACE FUNCTION password_of(address text) RETURNS TABLE (user_id uuid, hash text, set_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, p.hash, p.updated_at FROM users u JOIN user_passwords p ON p.user_id = u.id
    WHERE u.email = lower(address COLLATE "C");
END;

-- Who is behind a mail address, before anybody has signed in.
CREATE OR REPLACE FUNCTION account_of(address text) RETURNS TABLE (user_id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT u.id, u.name FROM users u WHERE u.email = lower(address COLLATE "C");
END;

-- Whose the account of an issuer is, before anybody has signed in.
CREATE OR REPLACE FUNCTION person_of_openid(issuer text, subject text) RETURNS TABLE (user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT a.user_id FROM openid_accounts a
    WHERE a.issuer = person_of_openid.issuer AND a.subject = person_of_openid.subject;
END;

CALL entrust('password_of(text)', 'convene_gate', '{convene_app}');
CALL entrust('account_of(text)', 'convene_gate', '{convene_app}');
CALL entrust('person_of_openid(text, text)', 'convene_gate', '{convene_app}');
