-- I02 Every slot's range is finite, half-open and not empty, and agrees with its start and length.
SELECT id::text AS slot_id, time_range::text
FROM calendar_slots
WHERE isempty(time_range) OR lower(time_range) IS NULL OR upper(time_range) IS NULL
   OR NOT lower_inc(time_range) OR upper_inc(time_range) OR lower(time_range) <> scheduled_start_time
   OR upper(time_range) <> scheduled_start_time + duration_minutes * interval '1 minute'
