-- What the version made besides its tables, and what it changed of others.
DROP FUNCTION IF EXISTS shortage_let_go() CASCADE;

DELETE FROM support_case WHERE person_id IS NULL;
ALTER TABLE support_case
  DROP CONSTRAINT ck_support_case_asked_or_about,
  DROP COLUMN about,
  ALTER COLUMN person_id SET NOT NULL;
CREATE UNIQUE INDEX uq_support_case_unresolved ON support_case (person_id, order_id)
  NULLS NOT DISTINCT WHERE state <> 'resolved';
