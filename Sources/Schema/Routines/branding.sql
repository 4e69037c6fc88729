-- An organization's colors, for pages that are shown before anybody has signed in.
CREATE OR REPLACE FUNCTION palette_of(organization uuid) RETURNS TABLE (accent text, accent_dark text, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT b.accent, b.accent_dark, b.version FROM branding b WHERE b.organization_id = organization;
END;

CALL entrust('palette_of(uuid)', 'convene_gate', '{convene_app}');
