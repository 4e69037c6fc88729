DROP TABLE key_check;
DROP DOMAIN sealed;
DROP FUNCTION is_retired_key(bytea);
DROP TABLE retired_keys;
