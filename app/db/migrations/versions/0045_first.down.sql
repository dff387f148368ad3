-- Back to all of it together.

UPDATE rhythm SET rhythm = substr(rhythm, 7) WHERE rhythm LIKE 'first\_%';
ALTER TABLE rhythm DROP CONSTRAINT ck_rhythm_rhythm_known;
ALTER TABLE rhythm ADD CONSTRAINT ck_rhythm_rhythm_known CHECK (
  rhythm IN ('now', 'hourly', 'daily', 'weekly'));
