-- Slots that are given back.

CREATE TABLE slot_returned (
  message_id UUID NOT NULL,
  person_id UUID NOT NULL,
  entry BIGINT NOT NULL,
  CONSTRAINT pk_slot_returned PRIMARY KEY (message_id)
);
CREATE INDEX ix_slot_returned_person_id ON slot_returned (person_id);

ALTER TABLE message ADD COLUMN entry BIGINT;
ALTER TABLE message ADD COLUMN displaced_by UUID;

-- Whoever ends a message unsent, by whatever statement, gives its place under the caps back. What may
-- have rung keeps it.
CREATE FUNCTION give_slot_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO slot_returned (message_id, person_id, entry)
  VALUES (NEW.id, NEW.person_id, NEW.entry)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER message_gives_slot_back AFTER UPDATE OF state ON message
FOR EACH ROW
WHEN (NEW.entry IS NOT NULL
      AND NEW.state IN ('failed', 'expired', 'cancelled')
      AND OLD.state IN ('queued', 'sending')
      AND NOT NEW.duplicate_risk)
EXECUTE FUNCTION give_slot_back();
