-- Back to audiences that need no closer word; what is for others ends with them.

DELETE FROM announcement WHERE audience IN ('subscribers', 'order_state');
ALTER TABLE announcement DROP CONSTRAINT ck_announcement_audience_of_some;
ALTER TABLE announcement DROP CONSTRAINT ck_announcement_audience_known;
ALTER TABLE announcement ADD CONSTRAINT ck_announcement_audience_known
  CHECK (audience IN ('everyone', 'zh', 'en', 'open_order'));
ALTER TABLE announcement DROP COLUMN audience_of, DROP COLUMN is_dismissible;
