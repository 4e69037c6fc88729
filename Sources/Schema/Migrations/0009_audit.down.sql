-- With the triggers of every audited table.
DROP FUNCTION audit() CASCADE;
DROP PROCEDURE audited(regclass, text, name, text[], text[], name);
DROP FUNCTION chain_audit(int);
DROP FUNCTION audit_genesis();
DROP AGGREGATE audit_chain(bytea, text);
DROP FUNCTION audit_link(bytea, bytea, text);
DROP FUNCTION is_secret(text);
DROP FUNCTION audit_values(jsonb, jsonb, text[], text[], text[]);
DROP POLICY audit_reader ON users;
DROP TABLE audit_heads;
DROP TABLE audit_logs;
DROP TABLE audit_entries;
REVOKE USAGE ON SCHEMA public FROM convene_auditor;
