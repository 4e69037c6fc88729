DROP TRIGGER undelivered ON queue_jobs;
DROP FUNCTION note_undelivered();
DROP TABLE invitations, group_members, groups, memberships, users, organizations;
DROP FUNCTION name_key(text);
DROP FUNCTION stamp_membership();
