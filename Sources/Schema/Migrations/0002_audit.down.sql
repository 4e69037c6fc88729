DROP PROCEDURE audited(regclass, text, name, text[], text[], name);
DROP FUNCTION is_secret(text);
DROP FUNCTION audit();
DROP FUNCTION audit_values(jsonb, jsonb, text[], text[], text[]);
DROP TABLE audit_heads, audit_logs, audit_entries;
