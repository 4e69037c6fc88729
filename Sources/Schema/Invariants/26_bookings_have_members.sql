-- I26 Nobody was booked after they had left, or in a role that they had no more.
-- What was booked before stands until a person decides: it is listed when somebody leaves.
SELECT c.id::text AS slot_id, c.user_id::text, c.user_type, m.role, m.left_at::text
FROM calendar_slots c
JOIN memberships m ON m.organization_id = c.organization_id AND m.user_id = c.user_id
WHERE c.status = 'booked' AND c.session_type NOT IN ('event', 'group_session', 'external')
  AND (c.created_at > m.left_at OR (c.user_type <> m.role AND c.created_at > m.role_since))
