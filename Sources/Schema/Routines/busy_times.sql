-- When members of the organization entered are busy, in whatever organization: the time, and nothing of what they do
-- then or where.
CREATE OR REPLACE FUNCTION busy_times(people uuid[], during tstzrange)
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

CALL entrust('busy_times(uuid[], tstzrange)', 'convene_gate', '{convene_app}');
