-- I25 A backup by an owner who is no superuser holds every row: convene_backup may read all, and change nothing.
SELECT c.relname::text AS name, 'hidden' AS fault
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
  AND (NOT has_table_privilege('convene_backup', c.oid, 'SELECT')
       OR (c.relrowsecurity AND NOT EXISTS (
           SELECT FROM pg_policy p
           WHERE p.polrelid = c.oid AND p.polname = 'backup' AND p.polpermissive AND p.polcmd = 'r'
             AND p.polroles = ARRAY['convene_backup'::regrole::oid] AND pg_get_expr(p.polqual, p.polrelid) = 'true')))
UNION ALL
SELECT c.relname::text, 'restricted'
FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND NOT p.polpermissive
  AND p.polroles && ARRAY[0, 'convene_backup'::regrole]::oid[]
UNION ALL
SELECT c.relname::text, 'changeable'
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND has_table_privilege('convene_backup', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
