-- Back to contacts by the hour, of everything together.

CREATE TABLE contact_hour (
  source TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  contacts INTEGER NOT NULL,
  CONSTRAINT pk_contact_hour PRIMARY KEY (source, hour),
  CONSTRAINT ck_contact_hour_contacts_not_negative CHECK (contacts >= 0),
  CONSTRAINT ck_contact_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0)
);

CREATE INDEX ix_contact_hour_hour ON contact_hour (hour);

INSERT INTO contact_hour (source, hour, contacts)
SELECT source, date_trunc('hour', slot, 'UTC'), sum(contacts) FROM contact_slot GROUP BY 1, 2;

ALTER TABLE incoming DROP COLUMN about;
