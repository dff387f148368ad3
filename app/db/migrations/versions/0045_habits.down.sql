-- Back to one row for each channel, which the next night fills.

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
