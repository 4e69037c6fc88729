-- I13 The feed has no gap: not in its positions, and not in any organization's numbers up to the last one given.
WITH feed AS (SELECT count(*) AS events, min(position) AS first, max(position) AS last FROM event_feed),
organizations_feed AS (
    SELECT organization_id, count(*) AS events, min(number) AS first, max(number) AS last
    FROM event_feed GROUP BY organization_id)
SELECT NULL AS organization_id, first::text, last::text, events::text, NULL AS last_given
FROM feed
WHERE last - first + 1 <> events
UNION ALL
SELECT coalesce(o.organization_id, h.organization_id)::text, o.first::text, o.last::text, o.events::text,
       h.last_number::text
FROM organizations_feed o
FULL JOIN feed_heads h ON h.organization_id = o.organization_id
CROSS JOIN feed
WHERE h.organization_id IS NULL
   OR o.last <> h.last_number
   OR o.last - o.first + 1 <> o.events
   -- Only what was forgotten may be missing at the beginning.
   OR (coalesce(o.first, h.last_number + 1) > 1 AND coalesce(feed.first, 1) = 1)
