-- How people, and programs in their name, prove who they are.

-- Apart from users, so that no listing of people can ever carry a hash along.
CREATE TABLE user_passwords (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    hash       text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- One row for each time somebody signed in: in a browser (cookie) or as a program (refresh token). Every token names
-- its row, so that ending the row ends the token at its next use. A key for programs is a sign-in too: it is ended,
-- listed and looked at in every request just like the others.
CREATE TABLE sign_ins (
    id                  uuid PRIMARY KEY,
    user_id             uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    medium              text NOT NULL CHECK (medium IN ('browser', 'program', 'key')),
    refresh_hash        bytea UNIQUE,
    -- How somebody signed in, and what they can recognize the sign-in by.
    method              text NOT NULL DEFAULT 'password' CHECK (length(method) BETWEEN 1 AND 80),
    address             inet,
    agent               text CHECK (length(agent) <= 300),
    last_seen_at        timestamptz,
    -- The password was right, and the second factor has not been shown yet.
    needs_second_factor boolean NOT NULL DEFAULT false,
    -- Of keys.
    organization_id     uuid,
    name                text CHECK (length(name) BETWEEN 1 AND 100)
        CONSTRAINT sign_ins_name_line CHECK (is_line(name)),
    scopes              text[],
    token_hint          text,
    created_at          timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    ended_at            timestamptz,
    CONSTRAINT sign_ins_key_check
        CHECK (num_nonnulls(organization_id, name, scopes) = CASE medium WHEN 'key' THEN 3 ELSE 0 END),
    FOREIGN KEY (organization_id, user_id) REFERENCES memberships
);
CREATE INDEX sign_ins_user_id_idx ON sign_ins (user_id);
CREATE INDEX sign_ins_over_idx ON sign_ins (least(ended_at, expires_at));

-- Refresh tokens that were exchanged already: whoever shows one has stolen it, or was stolen from.
CREATE TABLE spent_refresh_tokens (
    hash       bytea PRIMARY KEY,
    sign_in_id uuid NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    spent_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spent_refresh_tokens_sign_in_id_idx ON spent_refresh_tokens (sign_in_id);
CREATE INDEX spent_refresh_tokens_spent_at_idx ON spent_refresh_tokens (spent_at);

-- Links that sign somebody in, mailed to them.
CREATE TABLE sign_in_links (
    token_hash bytea PRIMARY KEY,
    -- NULL: somebody asked for an address that nobody has. It is kept like the others, and so takes as long.
    user_id    uuid REFERENCES users ON DELETE CASCADE,
    next       text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX sign_in_links_expires_at_idx ON sign_in_links (expires_at);

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

-- Somebody on their way to an OpenID Connect issuer and back. Nothing in it is secret: the state and what binds the
-- flow to a browser are kept as SHA-256, and the PKCE verifier and the nonce are derived from the state when they are
-- needed.
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

-- People change their own password, having shown the old one.
CALL enforce_row_security('user_passwords');
CREATE POLICY own ON user_passwords TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON user_passwords TO convene_worker USING (true) WITH CHECK (true);
CREATE POLICY gate ON user_passwords FOR SELECT TO convene_gate USING (true);
CREATE POLICY gate_adds ON user_passwords FOR INSERT TO convene_gate WITH CHECK (true);
GRANT INSERT, UPDATE ON user_passwords TO convene_app;
GRANT SELECT (user_id, updated_at) ON user_passwords TO convene_app;
GRANT SELECT, INSERT, UPDATE ON user_passwords TO convene_worker;
GRANT SELECT, INSERT ON user_passwords TO convene_gate;

CALL enforce_row_security('sign_ins');
CREATE POLICY own ON sign_ins TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON sign_ins TO convene_worker USING (true) WITH CHECK (true);
CREATE POLICY gate ON sign_ins FOR SELECT TO convene_gate USING (true);
CREATE POLICY gate_writes ON sign_ins FOR UPDATE TO convene_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON sign_ins TO convene_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO convene_worker;
GRANT SELECT, UPDATE (refresh_hash, last_seen_at, ended_at) ON sign_ins TO convene_gate;

CALL enforce_row_security('spent_refresh_tokens');
CREATE POLICY gate ON spent_refresh_tokens TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON spent_refresh_tokens TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON spent_refresh_tokens TO convene_gate;
GRANT SELECT, DELETE ON spent_refresh_tokens TO convene_worker;

CALL enforce_row_security('sign_in_links');
CREATE POLICY gate ON sign_in_links TO convene_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON sign_in_links TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON sign_in_links TO convene_gate;
GRANT SELECT, DELETE ON sign_in_links TO convene_worker;

CALL enforce_row_security('user_totp');
CREATE POLICY own ON user_totp TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON user_totp TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_totp TO convene_app, convene_worker;

CALL enforce_row_security('recovery_codes');
CREATE POLICY own ON recovery_codes TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON recovery_codes TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes TO convene_app, convene_worker;

-- Requests begin flows, for nobody or for themselves, and see none: only take_openid_flow() gives one out, once.
CALL enforce_row_security('openid_flows');
CREATE POLICY begin ON openid_flows FOR INSERT TO convene_app
    WITH CHECK (link_user IS NULL OR link_user = (SELECT app_user_id()));
CREATE POLICY gate ON openid_flows TO convene_gate USING (true);
CREATE POLICY worker ON openid_flows TO convene_worker USING (true) WITH CHECK (true);
GRANT INSERT ON openid_flows TO convene_app;
GRANT SELECT, DELETE ON openid_flows TO convene_gate, convene_worker;

CALL enforce_row_security('openid_accounts');
CREATE POLICY own ON openid_accounts TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY gate ON openid_accounts FOR SELECT TO convene_gate USING (true);
CREATE POLICY worker ON openid_accounts TO convene_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE (email, last_used_at) ON openid_accounts TO convene_app;
GRANT SELECT ON openid_accounts TO convene_gate, convene_worker;

CALL audited('user_passwords', 'password', 'user_id');
-- That a program has exchanged its token is no change of anything: it happens every quarter of an hour.
CALL audited('sign_ins', 'sign_in', ignored => '{refresh_hash,last_seen_at}');
CALL audited('user_totp', 'second_factor', 'user_id', ignored => '{last_step}');
CALL audited('recovery_codes', 'recovery_code', 'user_id');
-- Who is linked with what; not each time that it is used.
CALL audited('openid_accounts', 'openid_account', ignored => '{email,last_used_at}');

CALL open_to_backup();
