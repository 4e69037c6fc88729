DROP FUNCTION busy_times(uuid[], tstzrange);
REVOKE SELECT (user_id, time_range, status) ON calendar_slots FROM convene_gate;
DROP POLICY gate ON calendar_slots;
DROP TRIGGER stamped ON memberships;
DROP FUNCTION stamp_membership();
CALL audited('memberships', 'membership', 'user_id', ignored => '{version}');
ALTER TABLE memberships DROP COLUMN role_since;
