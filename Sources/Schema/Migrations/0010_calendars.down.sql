DROP TABLE calendar_slots;
