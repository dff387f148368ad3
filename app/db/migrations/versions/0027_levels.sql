-- Messages say what they are about, so that a choice made since is asked for when they leave.

ALTER TABLE message ADD COLUMN category TEXT;
