-- Back to nights of one kind, and to messages of which nobody knows whether they were opened.

DELETE FROM night_run WHERE name <> 'fatigue';
ALTER TABLE night_run DROP COLUMN name;
ALTER INDEX ix_night_run_asked RENAME TO ix_tired_run_asked;
ALTER TABLE night_run RENAME CONSTRAINT ck_night_run_state_known TO ck_tired_run_state_known;
ALTER TABLE night_run RENAME CONSTRAINT pk_night_run TO pk_tired_run;
ALTER TABLE night_run RENAME TO tired_run;
ALTER TABLE message DROP COLUMN opened_at;
