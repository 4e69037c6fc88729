-- Links and flows that become a sign-in.

-- Keeps a link for anyone who has that address. Returns whether anybody has.
CREATE OR REPLACE FUNCTION keep_sign_in_link(address text, hash bytea, next text, expiry timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO sign_in_links (token_hash, user_id, next, expires_at)
    VALUES (hash, (SELECT u.id FROM users u WHERE u.email = lower(address COLLATE "C")), next, expiry);
    RETURN EXISTS (SELECT FROM users u WHERE u.email = lower(address COLLATE "C"));
END $$;

-- Uses a link up.
CREATE OR REPLACE FUNCTION use_sign_in_link(hash bytea, at timestamptz) RETURNS TABLE (user_id uuid, next text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE sign_in_links l SET used_at = at
    WHERE l.token_hash = hash AND l.user_id IS NOT NULL AND l.used_at IS NULL AND l.expires_at > at
    RETURNING l.user_id, l.next;
END;

-- Gives a flow out and forgets it, whatever comes of it: a state that came back from the wrong browser or issuer, or
-- too late, has been seen by somebody and is worth nothing any more.
CREATE OR REPLACE FUNCTION take_openid_flow(state bytea, browser bytea, slug text)
RETURNS TABLE (next text, link_user uuid, invitation_hash bytea)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH taken AS (DELETE FROM openid_flows f WHERE f.state_hash = state RETURNING f.*)
    SELECT t.next, t.link_user, t.invitation_hash FROM taken t
    WHERE t.browser_hash = browser AND t.issuer = slug AND t.expires_at > now();
END;

-- Ends what could still become a sign-in of the person who asks, or a way to one: links that were mailed to them, and
-- accounts elsewhere that are just being linked.
CREATE OR REPLACE FUNCTION forget_ways_in() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE sign_in_links l SET used_at = now() WHERE l.user_id = app_user_id() AND l.used_at IS NULL;
    DELETE FROM openid_flows f WHERE f.link_user = app_user_id();
END;

CALL entrust('keep_sign_in_link(text, bytea, text, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('use_sign_in_link(bytea, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('take_openid_flow(bytea, bytea, text)', 'convene_gate', '{convene_app}');
CALL entrust('forget_ways_in()', 'convene_gate', '{convene_app}');
