-- What people see on each channel, and when a message's own link was opened.

ALTER TABLE message ADD COLUMN opened_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE channel_seen (
  person_id UUID NOT NULL,
  about TEXT NOT NULL,
  channel TEXT NOT NULL,
  told INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  mean SMALLINT NOT NULL,
  deviation SMALLINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_channel_seen PRIMARY KEY (person_id, about, channel),
  CONSTRAINT ck_channel_seen_about_known CHECK (about IN ('orders', 'offers')),
  CONSTRAINT ck_channel_seen_channel_rings CHECK (channel IN ('email', 'sms', 'push')),
  CONSTRAINT ck_channel_seen_seen_of_told CHECK (seen BETWEEN 0 AND told),
  CONSTRAINT ck_channel_seen_mean_is_a_share CHECK (mean BETWEEN 0 AND 1000),
  CONSTRAINT fk_channel_seen_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

ALTER TABLE tired_run RENAME TO night_run;
ALTER TABLE night_run RENAME CONSTRAINT pk_tired_run TO pk_night_run;
ALTER TABLE night_run RENAME CONSTRAINT ck_tired_run_state_known TO ck_night_run_state_known;
ALTER INDEX ix_tired_run_asked RENAME TO ix_night_run_asked;
ALTER TABLE night_run ADD COLUMN name TEXT;
UPDATE night_run SET name = 'fatigue';
ALTER TABLE night_run ALTER COLUMN name SET NOT NULL;
