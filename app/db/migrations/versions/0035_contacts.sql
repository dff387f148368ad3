-- Contacts by half hour and by what they are about.

ALTER TABLE incoming ADD COLUMN about TEXT DEFAULT 'other' NOT NULL;
ALTER TABLE incoming ADD CONSTRAINT ck_incoming_about_known
  CHECK (about IN ('where', 'delivery', 'return', 'presale', 'payment', 'other'));

CREATE TABLE contact_slot (
  source TEXT NOT NULL,
  slot TIMESTAMP WITH TIME ZONE NOT NULL,
  about TEXT NOT NULL,
  contacts INTEGER NOT NULL,
  CONSTRAINT pk_contact_slot PRIMARY KEY (source, slot, about),
  CONSTRAINT ck_contact_slot_about_known
    CHECK (about IN ('where', 'delivery', 'return', 'presale', 'payment', 'other')),
  CONSTRAINT ck_contact_slot_contacts_not_negative CHECK (contacts >= 0),
  CONSTRAINT ck_contact_slot_whole_slot CHECK (EXTRACT(epoch FROM slot) % 1800 = 0)
);

CREATE INDEX ix_contact_slot_slot ON contact_slot (slot);

-- An hour becomes its two halves; the first takes the odd one, so that sums stay.
INSERT INTO contact_slot (source, slot, about, contacts)
SELECT source, hour + half * INTERVAL '30 minutes', 'other', (contacts + 1 - half) / 2
FROM contact_hour CROSS JOIN generate_series(0, 1) AS half;

DROP TABLE contact_hour;
