CALL audited('organizations', 'organization', organization_column => 'id');
CALL audited('groups', 'group');
CALL audited('memberships', 'membership', 'user_id');
CALL audited('user_preferences', 'preferences', 'user_id');
DROP INDEX groups_name_idx;
DROP INDEX groups_name_key;
ALTER TABLE groups
    DROP CONSTRAINT groups_name_trimmed,
    ADD CONSTRAINT groups_name_key UNIQUE (organization_id, name);
DROP FUNCTION name_key(text);
ALTER TABLE organizations DROP COLUMN version;
ALTER TABLE groups DROP COLUMN version;
ALTER TABLE memberships DROP COLUMN version;
ALTER TABLE user_preferences DROP COLUMN version;
