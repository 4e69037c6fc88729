DROP TABLE rate_limits, idempotency_keys, sagas, queue_jobs, feed_cursors, feed_heads, event_feed, outbox_events;
