-- How far each subscription to the feed has read.
CREATE TABLE feed_cursors (
    name     text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    moved_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON feed_cursors TO convene_worker;

CALL open_to_backup();
