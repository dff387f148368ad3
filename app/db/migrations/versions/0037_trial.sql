-- Orders and messages of test keys.

ALTER TABLE orders ADD COLUMN is_trial BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE message ADD COLUMN is_trial BOOLEAN NOT NULL DEFAULT false;
