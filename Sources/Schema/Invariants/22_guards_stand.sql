-- I22 The constraints that decide who gets a time are there and valid, and so is every index.
SELECT 'constraint' AS thing, guard.name
FROM (VALUES ('calendar_no_overlap'), ('calendar_range_sane'), ('entitlement_not_overdrawn')) AS guard (name)
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = guard.name AND convalidated)
UNION ALL
SELECT 'index', indexrelid::regclass::text
FROM pg_index
WHERE NOT indisvalid
