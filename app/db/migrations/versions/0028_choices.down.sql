-- Nobody's choices are noted any more.

DROP FUNCTION contact_noted() CASCADE;
DROP FUNCTION language_noted() CASCADE;
DROP FUNCTION mute_noted() CASCADE;
DROP FUNCTION pause_noted() CASCADE;
DROP FUNCTION quiet_noted() CASCADE;
DROP FUNCTION rhythm_noted() CASCADE;
DROP FUNCTION consent_noted() CASCADE;
DROP FUNCTION preference_noted() CASCADE;
DROP FUNCTION saying() CASCADE;

ALTER TABLE contact DROP COLUMN name, DROP COLUMN seen_at;

ALTER TABLE person DROP COLUMN erased_at;
