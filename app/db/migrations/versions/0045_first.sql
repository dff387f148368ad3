-- The first piece of news at once, and what follows it together.

ALTER TABLE rhythm DROP CONSTRAINT ck_rhythm_rhythm_known;
ALTER TABLE rhythm ADD CONSTRAINT ck_rhythm_rhythm_known CHECK (
  rhythm IN ('now', 'hourly', 'daily', 'weekly', 'first_hourly', 'first_daily', 'first_weekly'));
