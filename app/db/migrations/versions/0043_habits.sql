-- What people see on each channel, when a message's own link was opened, and one table of what is
-- learnt now and then, whatever it is of.

ALTER TABLE message ADD COLUMN opened_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE habit (
  person_id UUID NOT NULL,
  seen JSONB NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_habit PRIMARY KEY (person_id),
  CONSTRAINT fk_habit_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

ALTER TABLE tired_run RENAME TO learning_run;
ALTER TABLE learning_run RENAME CONSTRAINT pk_tired_run TO pk_learning_run;
ALTER TABLE learning_run RENAME CONSTRAINT ck_tired_run_state_known TO ck_learning_run_state_known;
ALTER INDEX ix_tired_run_asked RENAME TO ix_learning_run_asked;
ALTER TABLE learning_run ADD COLUMN name TEXT;
UPDATE learning_run SET name = 'fatigue';
ALTER TABLE learning_run ALTER COLUMN name SET NOT NULL;

INSERT INTO learning_run (id, name, state, asked_at, made_at, facts)
SELECT id, 'late', state, asked_at, made_at, facts FROM late_look;
DROP TABLE late_look;
