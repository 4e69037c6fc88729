-- How an organization looks and writes. No row: as we look and write ourselves. A column that is NULL, or a message
-- that is missing: that part is ours.
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

CALL audited('branding', 'branding', 'organization_id');

CALL open_to_backup();
