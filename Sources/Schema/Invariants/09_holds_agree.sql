-- I09 Units are held while a session is to be held, consumed when it is over, and else released, once for each student;
-- where units are billed, none of a session is missing.
SELECT h.id::text AS hold_id, h.session_id::text, h.status, s.status AS session_status
FROM service_holds h
LEFT JOIN all_sessions s ON s.id = h.session_id
WHERE s.id IS NULL
   OR (h.status = 'held' AND s.status NOT IN ('pending_meeting', 'scheduled'))
   OR (h.status = 'consumed' AND s.status <> 'completed')
UNION ALL
SELECT NULL, p.id::text, count(h.id)::text, p.status
FROM (SELECT s.id, s.kind, s.status, s.duration, u.user_id
      FROM all_sessions s JOIN organizations o ON o.id = s.organization_id AND s.created_at >= o.billed_from,
           unnest(s.student_user_ids) AS u (user_id)
      WHERE s.kind <> 'comm_session' AND s.status IN ('pending_meeting', 'scheduled', 'completed')) p
LEFT JOIN contract_entitlements e ON e.student_user_id = p.user_id AND e.service_type = p.kind
LEFT JOIN service_holds h ON h.entitlement_id = e.id AND h.session_id = p.id
    AND h.units = round(p.duration / 60.0, 2)
    AND h.status = CASE WHEN p.status = 'completed' THEN 'consumed' ELSE 'held' END
GROUP BY p.id, p.status, p.user_id
HAVING count(h.id) <> 1
