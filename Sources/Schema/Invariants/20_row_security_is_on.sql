-- I20 Every table with an organization's or a person's rows is under row-level security, for its owner too.
SELECT c.relname::text AS table_name, c.relrowsecurity::text AS enabled, c.relforcerowsecurity::text AS forced
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND (c.relname IN ('organizations', 'users', 'user_passwords', 'sign_ins', 'openid_flows', 'openid_accounts')
       OR EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped))
  AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
       OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polwithcheck IS NOT NULL))
