-- What programs show: refresh tokens and keys.

-- Exchanges a refresh token for the next. One that was exchanged before ends its sign-in.
CREATE OR REPLACE FUNCTION exchange_refresh_token(shown bytea, next bytea) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        UPDATE sign_ins s SET refresh_hash = next, last_seen_at = now()
        WHERE s.refresh_hash = shown AND s.ended_at IS NULL AND s.expires_at > now() AND NOT s.needs_second_factor
        RETURNING s.id, s.user_id;
    IF FOUND THEN
        INSERT INTO spent_refresh_tokens (hash, sign_in_id)
        SELECT shown, s.id FROM sign_ins s WHERE s.refresh_hash = next;
    ELSE
        UPDATE sign_ins s SET ended_at = now()
        FROM spent_refresh_tokens t WHERE t.hash = shown AND s.id = t.sign_in_id AND s.ended_at IS NULL;
    END IF;
END $$;

-- Whose key has this hash, and that it was used.
CREATE OR REPLACE FUNCTION use_key(shown bytea) RETURNS TABLE (id uuid, user_id uuid, scopes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE sign_ins s SET last_seen_at = now()
    WHERE s.refresh_hash = shown AND s.medium = 'key' AND s.ended_at IS NULL
      AND (s.last_seen_at IS NULL OR s.last_seen_at < now() - interval '1 minute');
    RETURN QUERY SELECT s.id, s.user_id, s.scopes FROM sign_ins s
        WHERE s.refresh_hash = shown AND s.medium = 'key' AND s.ended_at IS NULL AND s.expires_at > now();
END $$;

-- Ends the keys that `person` has for the organization entered: for an admin, or for the person. Returns their names.
CREATE OR REPLACE FUNCTION end_keys(person uuid) RETURNS TABLE (name text)
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

CALL entrust('exchange_refresh_token(bytea, bytea)', 'convene_gate', '{convene_app}');
CALL entrust('use_key(bytea)', 'convene_gate', '{convene_app}');
CALL entrust('end_keys(uuid)', 'convene_gate', '{convene_app}');
