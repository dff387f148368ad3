-- Back to a table for nights and one for looks at parcels, and to messages of which nobody knows
-- whether they were opened.

CREATE TABLE late_look (
  id UUID NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE,
  facts JSONB,
  CONSTRAINT pk_late_look PRIMARY KEY (id),
  CONSTRAINT ck_late_look_state_known CHECK (state IN ('asked', 'made', 'failed'))
);
CREATE INDEX ix_late_look_asked ON late_look (id) WHERE state = 'asked';
INSERT INTO late_look (id, state, asked_at, made_at, facts)
SELECT id, state, asked_at, made_at, facts FROM learning_run WHERE name = 'late';

DELETE FROM learning_run WHERE name <> 'fatigue';
ALTER TABLE learning_run DROP COLUMN name;
ALTER INDEX ix_learning_run_asked RENAME TO ix_tired_run_asked;
ALTER TABLE learning_run RENAME CONSTRAINT ck_learning_run_state_known TO ck_tired_run_state_known;
ALTER TABLE learning_run RENAME CONSTRAINT pk_learning_run TO pk_tired_run;
ALTER TABLE learning_run RENAME TO tired_run;
ALTER TABLE message DROP COLUMN opened_at;
