-- Items that are read or put away, and nothing more.

ALTER TABLE inbox_item
	DROP COLUMN is_urgent, DROP COLUMN expires_at, DROP COLUMN snoozed_until, DROP COLUMN terms;
