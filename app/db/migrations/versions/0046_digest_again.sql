-- A message that waits is found to be a digest, to ask its items again.

CREATE INDEX ix_digest_slot_verdict_id ON digest_slot (verdict_id);
