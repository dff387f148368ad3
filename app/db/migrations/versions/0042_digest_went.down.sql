-- Slots without it.

ALTER TABLE digest_slot DROP COLUMN verdict_id;
