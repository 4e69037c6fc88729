-- I10 What an entitlement says is held is the sum of what its sessions hold.
SELECT e.id::text AS entitlement_id, e.held::text, coalesce(sum(h.units), 0)::text AS held_by_sessions
FROM contract_entitlements e
LEFT JOIN service_holds h ON h.entitlement_id = e.id AND h.status = 'held'
GROUP BY e.id
HAVING e.held <> coalesce(sum(h.units), 0)
