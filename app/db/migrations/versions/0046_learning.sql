-- What is learnt now and then waits in one table, whatever it is of.

ALTER TABLE night_run RENAME TO learning_run;
ALTER TABLE learning_run RENAME CONSTRAINT pk_night_run TO pk_learning_run;
ALTER TABLE learning_run RENAME CONSTRAINT ck_night_run_state_known TO ck_learning_run_state_known;
ALTER INDEX ix_night_run_asked RENAME TO ix_learning_run_asked;

INSERT INTO learning_run (id, name, state, asked_at, made_at, facts)
SELECT id, 'late', state, asked_at, made_at, facts FROM late_look;
DROP TABLE late_look;
