-- How an organization looks and writes, and how a person likes things.

-- No row: as we look and write ourselves. A column that is NULL, or a message that is missing: that part is ours.
CREATE TABLE branding (
    organization_id uuid PRIMARY KEY REFERENCES organizations,
    logo_url        text CHECK (logo_url LIKE 'https://%' AND length(logo_url) <= 2048),
    accent          text CHECK (accent ~ '^#[0-9a-f]{6}$'),
    accent_dark     text CHECK (accent_dark ~ '^#[0-9a-f]{6}$'),
    templates       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(templates) = 'object'),
    version         bigint NOT NULL CHECK (version > 0),
    updated_at      timestamptz NOT NULL DEFAULT now()
);
CALL protect('branding');
REVOKE DELETE ON branding FROM convene_app;
-- Every member sees it; only admins change it, whatever a route may forget.
CREATE POLICY admins_add ON branding AS RESTRICTIVE FOR INSERT TO convene_app
    WITH CHECK ((SELECT app_role()) IN ('admin', 'super_admin'));
CREATE POLICY admins_change ON branding AS RESTRICTIVE FOR UPDATE TO convene_app
    USING ((SELECT app_role()) IN ('admin', 'super_admin'))
    WITH CHECK ((SELECT app_role()) IN ('admin', 'super_admin'));

-- The colors are shown to people who are not signed in, on pages that invite them; nothing else of the table is.
CREATE POLICY gate ON branding FOR SELECT TO convene_gate USING (true);
GRANT SELECT (organization_id, accent, accent_dark, version) ON branding TO convene_gate;

CREATE FUNCTION palette_of(organization uuid) RETURNS TABLE (accent text, accent_dark text, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT b.accent, b.accent_dark, b.version FROM branding b WHERE b.organization_id = organization;
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION palette_of(uuid) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION palette_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION palette_of(uuid) TO convene_app;

-- No row: the defaults. Time zone and language are the person's own and stand in users.
CREATE TABLE user_preferences (
    user_id               uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    preferred_service     text CHECK (preferred_service IN ('feishu', 'zoom', 'teams', 'google_meet', 'room')),
    reminder_offsets      int[] NOT NULL
        CHECK (cardinality(reminder_offsets) <= 5 AND array_position(reminder_offsets, NULL) IS NULL
               AND 5 <= ALL (reminder_offsets) AND 40320 >= ALL (reminder_offsets)),
    notification_channels text[] NOT NULL CHECK (notification_channels <@ ARRAY['email', 'push', 'inApp']),
    custom_settings       jsonb NOT NULL CHECK (jsonb_typeof(custom_settings) = 'object'),
    google_settings       jsonb NOT NULL CHECK (jsonb_typeof(google_settings) = 'object'),
    updated_at            timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN user_preferences.reminder_offsets IS 'Minutes before a session begins.';
COMMENT ON COLUMN user_preferences.custom_settings IS 'For our own rooms.';

ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_preferences FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON user_preferences TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON user_preferences FOR SELECT TO convene_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON user_preferences TO convene_app;
GRANT SELECT ON user_preferences TO convene_worker;

CALL audited('branding', 'branding', 'organization_id');
CALL audited('user_preferences', 'preferences', 'user_id');
