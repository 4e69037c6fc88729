DROP FUNCTION person_of_openid(text, text);
DROP FUNCTION take_openid_flow(bytea, bytea, text);
DROP TABLE openid_accounts;
DROP TABLE openid_flows;
