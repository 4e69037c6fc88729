-- What a booking relies on: who is a member in which role, and when people are busy elsewhere.

ALTER TABLE memberships ADD COLUMN role_since timestamptz NOT NULL DEFAULT now();

-- Says when a membership ended or got another role, and that it is another version. A booking locks the memberships that
-- it relies on, and this runs after the wait for it: a slot made before was there to be listed when somebody left, and
-- none is made after (invariant 25).
CREATE FUNCTION stamp_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role <> OLD.role THEN
        NEW.role_since := clock_timestamp();
    END IF;
    IF OLD.left_at IS NULL AND NEW.left_at IS NOT NULL THEN
        NEW.left_at := clock_timestamp();
    END IF;
    IF NEW.role <> OLD.role OR NEW.left_at IS DISTINCT FROM OLD.left_at THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stamped BEFORE UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION stamp_membership();
CALL audited('memberships', 'membership', 'user_id', ignored => '{version,role_since}');

-- When members of the organization entered are busy, in whatever organization: the time, and nothing of what they do
-- then or where.
CREATE POLICY gate ON calendar_slots FOR SELECT TO convene_gate USING (true);
GRANT SELECT (user_id, time_range, status) ON calendar_slots TO convene_gate;

CREATE FUNCTION busy_times(people uuid[], during tstzrange)
RETURNS TABLE (user_id uuid, "start" timestamptz, "end" timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT c.user_id, lower(c.time_range), upper(c.time_range)
    FROM calendar_slots c
    WHERE c.user_id = ANY (people) AND c.time_range && during AND c.status = 'booked'
      AND EXISTS (SELECT FROM memberships m
                  WHERE m.organization_id = app_org_id() AND m.user_id = c.user_id AND m.left_at IS NULL)
    ORDER BY 2, 1, 3;
END;

GRANT CREATE ON SCHEMA public TO convene_gate;
ALTER FUNCTION busy_times(uuid[], tstzrange) OWNER TO convene_gate;
REVOKE CREATE ON SCHEMA public FROM convene_gate;
REVOKE ALL ON FUNCTION busy_times(uuid[], tstzrange) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION busy_times(uuid[], tstzrange) TO convene_app;
