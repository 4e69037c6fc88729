DROP TRIGGER audited ON invitations;
DROP TRIGGER audited_update ON invitations;
DROP TRIGGER audited ON group_members;
DROP TRIGGER audited_update ON group_members;
DROP TRIGGER audited ON groups;
DROP TRIGGER audited_update ON groups;
DROP TABLE recovery_codes;
DROP TABLE user_totp;
