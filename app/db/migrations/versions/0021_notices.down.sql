-- Messages without what they were written from.

ALTER TABLE message DROP COLUMN template_version;
