DROP PROCEDURE protect(regclass, name);
DROP FUNCTION refuse(text, jsonb);
DROP FUNCTION app_role();
DROP FUNCTION app_user_id();
DROP FUNCTION app_org_id();
DROP FUNCTION app_org_ids();
REVOKE USAGE ON SCHEMA public FROM convene_app, convene_worker, convene_gate;
DROP EXTENSION btree_gist;
