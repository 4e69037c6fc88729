-- Signing in with an OpenID Connect issuer.

-- Somebody on their way to an issuer and back. Nothing in it is secret: the state and what binds the flow to a browser
-- are kept as SHA-256, and the PKCE verifier and the nonce are derived from the state when they are needed.
CREATE TABLE openid_flows (
    state_hash      bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    -- Our short name of it.
    issuer          text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 32),
    browser_hash    bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
    -- The path here that follows.
    next            text NOT NULL CHECK (length(next) BETWEEN 1 AND 2048),
    -- Who wants to link the account there with theirs; NULL: somebody signs in.
    link_user       uuid REFERENCES users ON DELETE CASCADE,
    invitation_hash bytea CHECK (octet_length(invitation_hash) = 32),
    expires_at      timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
    CONSTRAINT openid_flows_purpose_check CHECK (link_user IS NULL OR invitation_hash IS NULL)
);
CREATE INDEX openid_flows_expires_at_idx ON openid_flows (expires_at);
CREATE INDEX openid_flows_link_user_idx ON openid_flows (link_user) WHERE link_user IS NOT NULL;

-- Whose the account at an issuer is. Issuer and subject identify it (OpenID Connect Core 1.0, 5.7); the address is
-- there to be recognized by, and nobody is found by it.
CREATE TABLE openid_accounts (
    id           uuid PRIMARY KEY,
    issuer       text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 2048),
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    email        text CHECK (length(email) BETWEEN 1 AND 254),
    linked_at    timestamptz NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT openid_accounts_issuer_subject_key UNIQUE (issuer, subject)
);
CREATE INDEX openid_accounts_user_id_idx ON openid_accounts (user_id);

ALTER TABLE openid_flows ENABLE ROW LEVEL SECURITY;
ALTER TABLE openid_flows FORCE ROW LEVEL SECURITY;
-- Requests begin flows, for nobody or for themselves, and see none: only take_openid_flow() gives one out, once.
CREATE POLICY begin ON openid_flows FOR INSERT TO convene_app
    WITH CHECK (link_user IS NULL OR link_user = (SELECT app_user_id()));
CREATE POLICY gate ON openid_flows TO convene_gate USING (true);
CREATE POLICY worker ON openid_flows TO convene_worker USING (true) WITH CHECK (true);
GRANT INSERT ON openid_flows TO convene_app;
GRANT SELECT, DELETE ON openid_flows TO convene_gate;
GRANT SELECT, DELETE ON openid_flows TO convene_worker;

ALTER TABLE openid_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE openid_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON openid_accounts TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY gate ON openid_accounts FOR SELECT TO convene_gate USING (true);
CREATE POLICY worker ON openid_accounts TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON openid_accounts TO convene_app;
GRANT UPDATE (email, last_used_at) ON openid_accounts TO convene_app;
GRANT SELECT ON openid_accounts TO convene_gate;
GRANT SELECT ON openid_accounts TO convene_worker;

-- Who is linked with what; not each time that it is used.
CALL audited('openid_accounts', 'openid_account', ignored => '{email,last_used_at}');

-- Gives a flow out and forgets it, whatever comes of it: a state that came back from the wrong browser or issuer, or
-- too late, has been seen by somebody and is worth nothing any more.
CREATE FUNCTION take_openid_flow(state bytea, browser bytea, slug text)
RETURNS TABLE (next text, link_user uuid, invitation_hash bytea)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH taken AS (DELETE FROM openid_flows f WHERE f.state_hash = state RETURNING f.*)
    SELECT t.next, t.link_user, t.invitation_hash FROM taken t
    WHERE t.browser_hash = browser AND t.issuer = slug AND t.expires_at > now();
END;

-- Whose the account of an issuer is, before anybody has signed in.
CREATE FUNCTION person_of_openid(issuer text, subject text) RETURNS TABLE (user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT a.user_id FROM openid_accounts a
    WHERE a.issuer = person_of_openid.issuer AND a.subject = person_of_openid.subject;
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION take_openid_flow(bytea, bytea, text) OWNER TO convene_gate;
ALTER FUNCTION person_of_openid(text, text) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION take_openid_flow(bytea, bytea, text), person_of_openid(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_openid_flow(bytea, bytea, text), person_of_openid(text, text) TO convene_app;
