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
-- The roles that log in, and those that functions run as. A role that may make roles can make itself a member.
SELECT 'role', r.rolname::text
FROM pg_roles r
WHERE r.rolname IN ('convene_app', 'convene_worker', 'convene_gate', 'convene_auditor')
  AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication
       OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace))
UNION ALL
-- Anyone who is a member of nothing becomes nobody else, whatever statement is smuggled in.
SELECT 'membership', format('%s in %s', m.member::regrole, m.roleid::regrole)
FROM pg_auth_members m
WHERE m.member IN (SELECT oid FROM pg_roles
                   WHERE rolname IN ('convene_app', 'convene_worker', 'convene_gate', 'convene_auditor'))
UNION ALL
-- What only functions run as, nobody logs in as.
SELECT 'login', r.rolname::text
FROM pg_roles r
WHERE r.rolname IN ('convene_gate', 'convene_auditor') AND r.rolcanlogin
