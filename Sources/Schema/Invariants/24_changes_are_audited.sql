-- I24 Every table's changes go to the audit log, but for those named here; and the log sees no secret.
WITH exceptions (name) AS (VALUES
    -- The log itself, and what the schema was made from.
    ('audit_entries'), ('audit_logs'), ('audit_heads'), ('schema_migrations'), ('schema_routines'),
    ('session_kinds'),
    -- They follow from a session, which has its entries, and other invariants hold them to it.
    ('calendar_slots'), ('service_holds'), ('sagas'),
    -- Records of what happened by themselves: what a provider was asked and what it made, and what was told.
    ('provider_calls'), ('meetings'), ('outbox_events'), ('event_feed'), ('feed_heads'), ('feed_cursors'),
    -- Work to do and answers to repeat, forgotten after days.
    ('queue_jobs'), ('idempotency_keys'),
    -- Counters, and links and tokens that are used once: what comes of them is a sign-in, which has its entry.
    ('rate_limits'), ('sign_in_links'), ('spent_refresh_tokens'), ('openid_flows'),
    -- Which keys are no longer used, by four bytes of a hash each; and a value by which to know those that are.
    ('retired_keys'), ('key_check')),
audits AS (
    SELECT tgrelid, bit_or(tgtype::int) AS events,
           string_to_array(encode((array_agg(tgargs))[1], 'escape'), '\000') AS arguments
    FROM pg_trigger WHERE tgfoid = 'audit()'::regprocedure AND tgenabled IN ('O', 'A') GROUP BY tgrelid)
SELECT c.relname::text AS table_name, NULL AS secret
FROM pg_class c LEFT JOIN audits a ON a.tgrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND c.relname NOT IN (SELECT name FROM exceptions)
  -- INSERT, DELETE and UPDATE, as pg_trigger.h counts them.
  AND coalesce(a.events & 28, 0) <> 28
UNION ALL
SELECT a.tgrelid::regclass::text, t.attname::text
FROM audits a JOIN pg_attribute t ON t.attrelid = a.tgrelid AND t.attnum > 0 AND NOT t.attisdropped
WHERE (t.atttypid IN ('bytea'::regtype, 'sealed'::regtype) OR is_secret(t.attname))
  AND t.attname <> ALL (a.arguments[4]::text[] || a.arguments[5]::text[])
