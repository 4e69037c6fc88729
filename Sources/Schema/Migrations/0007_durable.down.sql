DROP TABLE idempotency_keys;
DROP TABLE manual_interventions;
DROP TABLE provider_calls;
DROP TABLE sagas;
DROP TABLE queue_jobs;
DROP TABLE feed_heads;
DROP TABLE event_feed;
DROP TABLE outbox_events;
