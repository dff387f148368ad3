-- Announcements for subscribers of categories and for orders in some states; some nobody waves off.

ALTER TABLE announcement
  ADD COLUMN audience_of TEXT[] DEFAULT '{}' NOT NULL,
  ADD COLUMN is_dismissible BOOLEAN DEFAULT true NOT NULL;
ALTER TABLE announcement DROP CONSTRAINT ck_announcement_audience_known;
ALTER TABLE announcement ADD CONSTRAINT ck_announcement_audience_known
  CHECK (audience IN ('everyone', 'zh', 'en', 'open_order', 'subscribers', 'order_state'));
ALTER TABLE announcement ADD CONSTRAINT ck_announcement_audience_of_some
  CHECK ((audience IN ('subscribers', 'order_state')) = (cardinality(audience_of) > 0));
