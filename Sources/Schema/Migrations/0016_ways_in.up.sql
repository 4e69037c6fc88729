-- What ends somebody's access ends all of it.

-- Ends the keys that `person` has for the organization entered: for an admin, or for the person. Returns their names.
CREATE FUNCTION end_keys(person uuid) RETURNS TABLE (name text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE sign_ins s SET ended_at = now()
    WHERE s.id IN (SELECT k.id FROM sign_ins k
                   WHERE k.user_id = person AND k.organization_id = app_org_id() AND k.medium = 'key'
                     AND k.ended_at IS NULL AND k.expires_at > now()
                   ORDER BY k.id FOR UPDATE)
      AND (app_role() IN ('admin', 'super_admin') OR app_user_id() = person)
    RETURNING s.name;
END;

-- Ends what could still become a sign-in of the person who asks, or a way to one: links that were mailed to them, and
-- accounts elsewhere that are just being linked.
CREATE FUNCTION forget_ways_in() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE sign_in_links l SET used_at = now() WHERE l.user_id = app_user_id() AND l.used_at IS NULL;
    DELETE FROM openid_flows f WHERE f.link_user = app_user_id();
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION end_keys(uuid) OWNER TO convene_gate;
ALTER FUNCTION forget_ways_in() OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION end_keys(uuid), forget_ways_in() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_keys(uuid), forget_ways_in() TO convene_app;
