-- What a notification centre knows of an item: urgent, past, put off, found.

ALTER TABLE inbox_item
	ADD COLUMN is_urgent BOOLEAN DEFAULT false NOT NULL,
	ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE,
	ADD COLUMN snoozed_until TIMESTAMP WITH TIME ZONE,
	ADD COLUMN terms TSVECTOR;

CREATE INDEX ix_inbox_item_bundle ON inbox_item (person_id, coalesce(order_id, id), id);

CREATE INDEX ix_inbox_item_unread ON inbox_item (person_id, id) WHERE read_at IS NULL AND archived_at IS NULL;

CREATE TABLE announcement (
	id UUID NOT NULL, 
	title_zh TEXT NOT NULL, 
	title_en TEXT NOT NULL, 
	body_zh TEXT NOT NULL, 
	body_en TEXT NOT NULL, 
	audience TEXT NOT NULL, 
	is_pinned BOOLEAN NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE, 
	made_by TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_announcement PRIMARY KEY (id), 
	CONSTRAINT ck_announcement_audience_known CHECK (audience IN ('everyone', 'zh', 'en', 'open_order')), 
	CONSTRAINT ck_announcement_ends_after_start CHECK (ends_at >= starts_at)
);

CREATE TABLE announcement_dismissed (
	announcement_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	dismissed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_announcement_dismissed PRIMARY KEY (announcement_id, person_id), 
	CONSTRAINT fk_announcement_dismissed_announcement_id FOREIGN KEY(announcement_id) REFERENCES announcement (id) ON DELETE CASCADE
);
