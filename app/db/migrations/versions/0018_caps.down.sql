-- Back to three answers.

ALTER TABLE verdict DROP CONSTRAINT ck_verdict_answer_known;
ALTER TABLE verdict ADD CONSTRAINT ck_verdict_answer_known
  CHECK (answer IN ('send', 'wait', 'skip')) NOT VALID;
