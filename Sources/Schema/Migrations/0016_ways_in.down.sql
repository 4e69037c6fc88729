DROP FUNCTION forget_ways_in();
DROP FUNCTION end_keys(uuid);
