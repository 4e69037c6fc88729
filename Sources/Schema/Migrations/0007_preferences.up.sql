-- How a person likes things. No row: the defaults. Time zone and language stand in users.
CREATE TABLE user_preferences (
    user_id               uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    preferred_service     meeting_provider_name,
    reminder_offsets      int[] NOT NULL
        CHECK (cardinality(reminder_offsets) <= 5 AND array_position(reminder_offsets, NULL) IS NULL
               AND 5 <= ALL (reminder_offsets) AND 40320 >= ALL (reminder_offsets)),
    notification_channels text[] NOT NULL CHECK (notification_channels <@ ARRAY['email', 'push', 'inApp']),
    custom_settings       jsonb NOT NULL CHECK (jsonb_typeof(custom_settings) = 'object'),
    google_settings       jsonb NOT NULL CHECK (jsonb_typeof(google_settings) = 'object'),
    version               bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    updated_at            timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN user_preferences.reminder_offsets IS 'Minutes before a session begins.';
COMMENT ON COLUMN user_preferences.custom_settings IS 'For our own rooms.';

CALL enforce_row_security('user_preferences');
CREATE POLICY own ON user_preferences TO convene_app
    USING (user_id = (SELECT app_user_id())) WITH CHECK (user_id = (SELECT app_user_id()));
CREATE POLICY worker ON user_preferences FOR SELECT TO convene_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON user_preferences TO convene_app;
GRANT SELECT ON user_preferences TO convene_worker;

CALL audited('user_preferences', 'preferences', 'user_id', ignored => '{version}');

CALL open_to_backup();
