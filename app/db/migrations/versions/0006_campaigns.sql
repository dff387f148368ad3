-- Campaigns, their slots, and what their reach was weighed at.

CREATE TABLE campaign (
  id UUID NOT NULL,
  name TEXT NOT NULL,
  state TEXT DEFAULT 'draft' NOT NULL,
  segment JSONB DEFAULT '{}' NOT NULL,
  title_zh TEXT DEFAULT '' NOT NULL,
  body_zh TEXT DEFAULT '' NOT NULL,
  title_en TEXT DEFAULT '' NOT NULL,
  body_en TEXT DEFAULT '' NOT NULL,
  timing TEXT DEFAULT 'now' NOT NULL,
  wall TIMESTAMP WITHOUT TIME ZONE,
  pace_per_minute INTEGER,
  launch_at TIMESTAMP WITH TIME ZONE,
  as_of TIMESTAMP WITH TIME ZONE,
  ready_at TIMESTAMP WITH TIME ZONE,
  is_withdrawing BOOLEAN DEFAULT false NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_campaign PRIMARY KEY (id),
  CONSTRAINT ck_campaign_state_known CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled')),
  CONSTRAINT ck_campaign_timing_known CHECK (timing IN ('now', 'shop', 'person')),
  CONSTRAINT ck_campaign_pace_positive CHECK (pace_per_minute > 0),
  CONSTRAINT ck_campaign_time_known CHECK (state IN ('draft', 'cancelled') OR timing = 'now' OR wall IS NOT NULL)
);

CREATE INDEX ix_campaign_open ON campaign (state) WHERE state IN ('scheduled', 'running') OR is_withdrawing;

CREATE TABLE campaign_move (
  id UUID NOT NULL,
  campaign_id UUID NOT NULL,
  became TEXT NOT NULL,
  by TEXT NOT NULL,
  why TEXT DEFAULT '' NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_campaign_move PRIMARY KEY (id),
  CONSTRAINT fk_campaign_move_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_campaign_move_campaign_id ON campaign_move (campaign_id, id);

CREATE TABLE campaign_slot (
  campaign_id UUID NOT NULL,
  zone TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT DEFAULT 'open' NOT NULL,
  after_id UUID,
  asked INTEGER NOT NULL,
  decided INTEGER DEFAULT 0 NOT NULL,
  token INTEGER DEFAULT 0 NOT NULL,
  lease_until TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_campaign_slot PRIMARY KEY (campaign_id, zone),
  CONSTRAINT ck_campaign_slot_state_known CHECK (state IN ('open', 'done')),
  CONSTRAINT fk_campaign_slot_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_campaign_slot_due_at ON campaign_slot (due_at) WHERE state = 'open';

CREATE TABLE campaign_verdict (
  campaign_id UUID NOT NULL,
  person_id UUID NOT NULL,
  verdict_id UUID NOT NULL,
  outcome TEXT NOT NULL,
  CONSTRAINT pk_campaign_verdict PRIMARY KEY (campaign_id, person_id)
);

CREATE INDEX ix_campaign_verdict_outcome ON campaign_verdict (campaign_id, outcome, person_id);

CREATE TABLE campaign_tally (
  campaign_id UUID NOT NULL,
  outcome TEXT NOT NULL,
  people INTEGER NOT NULL,
  CONSTRAINT pk_campaign_tally PRIMARY KEY (campaign_id, outcome),
  CONSTRAINT fk_campaign_tally_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE TABLE campaign_reach (
  id UUID NOT NULL,
  campaign_id UUID NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  asked_for JSONB NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  as_of TIMESTAMP WITH TIME ZONE NOT NULL,
  counted_at TIMESTAMP WITH TIME ZONE,
  after_id UUID,
  asked INTEGER NOT NULL,
  weighed INTEGER DEFAULT 0 NOT NULL,
  outcomes JSONB DEFAULT '{}' NOT NULL,
  examples JSONB DEFAULT '{}' NOT NULL,
  hours JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_campaign_reach PRIMARY KEY (id),
  CONSTRAINT ck_campaign_reach_state_known CHECK (state IN ('asked', 'counted')),
  CONSTRAINT fk_campaign_reach_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_campaign_reach_asked ON campaign_reach (id) WHERE state = 'asked';

CREATE INDEX ix_campaign_reach_campaign_id ON campaign_reach (campaign_id, id);
