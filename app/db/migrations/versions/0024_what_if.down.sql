-- Verdicts without what was known.

ALTER TABLE verdict DROP COLUMN facts, DROP COLUMN pressure, DROP COLUMN bounds;
