-- Contacts, promotions, rosters and the plans made of them.

CREATE TABLE incoming (
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  how TEXT NOT NULL,
  person_id UUID,
  answered BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_incoming PRIMARY KEY (id)
);

CREATE INDEX ix_incoming_at ON incoming (at);

CREATE TABLE contact_hour (
  source TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  contacts INTEGER NOT NULL,
  CONSTRAINT pk_contact_hour PRIMARY KEY (source, hour),
  CONSTRAINT ck_contact_hour_contacts_not_negative CHECK (contacts >= 0),
  CONSTRAINT ck_contact_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0)
);

CREATE INDEX ix_contact_hour_hour ON contact_hour (hour);

CREATE TABLE promotion (
  reference TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  skus TEXT[] DEFAULT '{}' NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_promotion PRIMARY KEY (reference),
  CONSTRAINT ck_promotion_ends_after_it_starts CHECK (ends_at > starts_at)
);

CREATE INDEX ix_promotion_ends_at ON promotion (ends_at);

CREATE TABLE roster_hour (
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  people INTEGER NOT NULL,
  CONSTRAINT pk_roster_hour PRIMARY KEY (hour),
  CONSTRAINT ck_roster_hour_people_not_negative CHECK (people >= 0),
  CONSTRAINT ck_roster_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0)
);

CREATE TABLE planned_send (
  reference TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  messages INTEGER NOT NULL,
  CONSTRAINT pk_planned_send PRIMARY KEY (reference, hour),
  CONSTRAINT ck_planned_send_messages_positive CHECK (messages > 0),
  CONSTRAINT ck_planned_send_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0)
);

CREATE INDEX ix_planned_send_hour ON planned_send (hour);

CREATE TABLE forecast_run (
  id UUID NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  why TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE,
  facts JSONB,
  error TEXT,
  CONSTRAINT pk_forecast_run PRIMARY KEY (id),
  CONSTRAINT ck_forecast_run_state_known CHECK (state IN ('asked', 'stored', 'failed'))
);

CREATE INDEX ix_forecast_run_asked ON forecast_run (id) WHERE state = 'asked';

CREATE INDEX ix_forecast_run_stored ON forecast_run (id) WHERE state = 'stored';

CREATE TABLE forecast_hour (
  run_id UUID NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  weeks_used SMALLINT NOT NULL,
  baseline DOUBLE PRECISION NOT NULL,
  multiplier DOUBLE PRECISION NOT NULL,
  level DOUBLE PRECISION NOT NULL,
  added DOUBLE PRECISION NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  people_needed INTEGER NOT NULL,
  CONSTRAINT pk_forecast_hour PRIMARY KEY (run_id, hour),
  CONSTRAINT ck_forecast_hour_whole_hour CHECK (EXTRACT(epoch FROM hour) % 3600 = 0),
  CONSTRAINT fk_forecast_hour_run_id FOREIGN KEY(run_id) REFERENCES forecast_run (id) ON DELETE CASCADE
);

CREATE INDEX ix_forecast_hour_hour ON forecast_hour (hour, run_id);

CREATE INDEX ix_orders_placed_at ON orders (placed_at);

CREATE INDEX ix_idempotency_created_at ON idempotency USING brin (created_at);
