-- I21 Nothing goes around row-level security: no view of its owner's, no stored view, no open function, no strong role.
SELECT 'view' AS thing, c.relname::text AS name
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace
  AND ((c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)) OR c.relkind = 'm')
UNION ALL
SELECT 'function', p.proname::text
FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search\_path=%')
UNION ALL
SELECT 'role', r.rolname::text
FROM pg_roles r
WHERE r.rolname = 'convene_app'
  AND (r.rolsuper OR r.rolbypassrls
       OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace))
