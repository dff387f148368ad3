-- Orders and messages without it.

ALTER TABLE orders DROP COLUMN is_trial;
ALTER TABLE message DROP COLUMN is_trial;
