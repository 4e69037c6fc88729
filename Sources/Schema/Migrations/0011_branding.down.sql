DROP TABLE user_preferences;
DROP FUNCTION palette_of(uuid);
DROP TABLE branding;
