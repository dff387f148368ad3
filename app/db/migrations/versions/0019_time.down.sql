-- Verdicts stand for ever again.

ALTER TABLE message DROP COLUMN stands_until;
