-- Which digest went out of a slot.

ALTER TABLE digest_slot ADD COLUMN verdict_id UUID;
