ALTER TABLE calendar_slots DROP CONSTRAINT calendar_slots_meeting_fkey;
DROP TABLE meetings;
