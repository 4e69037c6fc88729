-- I27 A membership is listed and found by what the person is called now.
SELECT m.organization_id::text, m.user_id::text, m.name, u.name AS persons_name
FROM memberships m JOIN users u ON u.id = m.user_id
WHERE (m.name, m.found_by) <> (u.name, search_key(u.name, u.email))
