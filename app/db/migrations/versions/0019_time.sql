-- When a bell may ring.

ALTER TABLE message ADD COLUMN stands_until TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_message_stands_until ON message (stands_until)
  WHERE state = 'queued' AND stands_until IS NOT NULL;
