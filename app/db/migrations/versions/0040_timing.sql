-- When parcels will likely arrive, and when people are told.

ALTER TABLE campaign DROP CONSTRAINT ck_campaign_timing_known;
ALTER TABLE campaign ADD CONSTRAINT ck_campaign_timing_known
  CHECK (timing IN ('now', 'shop', 'person', 'best'));

CREATE TABLE campaign_time (
  campaign_id UUID NOT NULL,
  person_id UUID NOT NULL,
  hour SMALLINT NOT NULL,
  best SMALLINT,
  propensity DOUBLE PRECISION NOT NULL,
  told_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_campaign_time PRIMARY KEY (campaign_id, person_id),
  CONSTRAINT ck_campaign_time_propensity_possible CHECK (propensity > 0 AND propensity <= 1)
);

CREATE TABLE tired (
  person_id UUID NOT NULL,
  percent SMALLINT NOT NULL,
  because TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_tired PRIMARY KEY (person_id),
  CONSTRAINT ck_tired_percent_of_a_hundred CHECK (percent BETWEEN 0 AND 100),
  CONSTRAINT ck_tired_because_known CHECK (because IN ('sends_7', 'sends_30', 'unopened', 'new')),
  CONSTRAINT fk_tired_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE tired_run (
  id UUID NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE,
  facts JSONB,
  CONSTRAINT pk_tired_run PRIMARY KEY (id),
  CONSTRAINT ck_tired_run_state_known CHECK (state IN ('asked', 'made', 'failed'))
);

CREATE INDEX ix_tired_run_asked ON tired_run (id) WHERE state = 'asked';

CREATE INDEX ix_campaign_time_person_id ON campaign_time (person_id);

CREATE TABLE parcel_outlook (
  parcel_id UUID NOT NULL,
  looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  late_share DOUBLE PRECISION NOT NULL,
  likely_at TIMESTAMP WITH TIME ZONE,
  low_at TIMESTAMP WITH TIME ZONE,
  high_at TIMESTAMP WITH TIME ZONE,
  day_named_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_parcel_outlook PRIMARY KEY (parcel_id),
  CONSTRAINT ck_parcel_outlook_late_share_is_a_share CHECK (late_share BETWEEN 0 AND 1)
);

CREATE TABLE late_look (
  id UUID NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE,
  facts JSONB,
  CONSTRAINT pk_late_look PRIMARY KEY (id),
  CONSTRAINT ck_late_look_state_known CHECK (state IN ('asked', 'made', 'failed'))
);

CREATE INDEX ix_late_look_asked ON late_look (id) WHERE state = 'asked';
