-- I01 Nobody has two booked slots that overlap.
-- What calendar_no_overlap enforces, proved again after a restore, an ALTER or an upgrade.
SELECT a.user_id::text, a.id::text AS slot_id, b.id::text AS other_slot_id
FROM calendar_slots a
JOIN calendar_slots b ON b.user_id = a.user_id AND a.id < b.id AND b.time_range && a.time_range
WHERE a.status = 'booked' AND b.status = 'booked'
