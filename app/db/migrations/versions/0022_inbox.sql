-- What a notification centre knows of an item: urgent, past, put off, found.

ALTER TABLE inbox_item
	ADD COLUMN is_urgent BOOLEAN DEFAULT false NOT NULL,
	ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE,
	ADD COLUMN snoozed_until TIMESTAMP WITH TIME ZONE,
	ADD COLUMN terms TSVECTOR;

CREATE INDEX ix_inbox_item_bundle ON inbox_item (person_id, coalesce(order_id, id), id);

CREATE INDEX ix_inbox_item_unread ON inbox_item (person_id, id) WHERE read_at IS NULL AND archived_at IS NULL;
