-- Messages say what they are about no more.

ALTER TABLE message DROP COLUMN category;
