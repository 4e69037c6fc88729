DROP TRIGGER named_memberships ON users;
DROP TRIGGER named ON memberships;
DROP FUNCTION name_memberships();
DROP FUNCTION name_membership();
ALTER TABLE memberships DROP COLUMN name, DROP COLUMN found_by;
DROP FUNCTION search_key(text, text);
DROP FUNCTION search_key(text);
CALL audited('memberships', 'membership', 'user_id', ignored => '{version,role_since}');
