-- I15 No row points into another organization.
SELECT 'calendar_slots' AS table_name, c.id::text AS row_id
FROM calendar_slots c
WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.organization_id = c.organization_id AND m.user_id = c.user_id)
UNION ALL
SELECT 'all_sessions', s.id::text
FROM all_sessions s
WHERE EXISTS (SELECT FROM unnest(s.provider_user_id || s.student_user_ids || s.created_by_counselor_id) AS p (user_id)
              WHERE NOT EXISTS (SELECT FROM memberships m
                                WHERE m.organization_id = s.organization_id AND m.user_id = p.user_id))
UNION ALL
SELECT 'class_session_students', p.id::text
FROM class_session_students p JOIN class_sessions s ON s.id = p.class_session_id
WHERE p.organization_id <> s.organization_id
UNION ALL
SELECT 'contract_entitlements', e.id::text
FROM contract_entitlements e JOIN contracts c ON c.id = e.contract_id
WHERE e.organization_id <> c.organization_id OR e.student_user_id <> c.student_user_id
UNION ALL
SELECT 'service_holds', h.id::text
FROM service_holds h JOIN all_sessions s ON s.id = h.session_id
JOIN contract_entitlements e ON e.id = h.entitlement_id
WHERE h.organization_id <> s.organization_id OR h.organization_id <> e.organization_id
UNION ALL
SELECT 'sagas', g.id::text
FROM sagas g JOIN all_sessions s ON s.id = g.id
WHERE g.organization_id <> s.organization_id
UNION ALL
SELECT 'provider_calls', c.id::text
FROM provider_calls c JOIN sagas g ON g.id = c.saga_id
WHERE c.organization_id <> g.organization_id
UNION ALL
SELECT 'manual_interventions', i.id::text
FROM manual_interventions i JOIN sagas g ON g.id = i.saga_id
WHERE i.organization_id <> g.organization_id
UNION ALL
SELECT 'events', e.id::text
FROM (SELECT id, organization_id, aggregate_id FROM outbox_events
      UNION ALL SELECT id, organization_id, aggregate_id FROM event_feed) e
JOIN all_sessions s ON s.id = e.aggregate_id
WHERE e.organization_id <> s.organization_id
