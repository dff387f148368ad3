-- What the tour asked to be played, and the jumps of the demo's clock.

CREATE TABLE clock_jump (
  id UUID NOT NULL,
  state TEXT DEFAULT 'under_way' NOT NULL,
  from_at TIMESTAMP WITH TIME ZONE NOT NULL,
  target_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reached_at TIMESTAMP WITH TIME ZONE NOT NULL,
  events INTEGER DEFAULT 0 NOT NULL,
  messages INTEGER DEFAULT 0 NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  heard_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_clock_jump PRIMARY KEY (id),
  CONSTRAINT ck_clock_jump_state_known CHECK (state IN ('under_way', 'arrived', 'stopped'))
);

CREATE TABLE stage_wish (
  id UUID NOT NULL,
  step TEXT NOT NULL,
  state TEXT DEFAULT 'asked' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  calls JSONB DEFAULT '[]' NOT NULL,
  result JSONB DEFAULT '{}' NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  claimed_at TIMESTAMP WITH TIME ZONE,
  heard_at TIMESTAMP WITH TIME ZONE,
  settled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_stage_wish PRIMARY KEY (id),
  CONSTRAINT ck_stage_wish_step_known CHECK (step IN ('buy', 'ship', 'late', 'ask', 'doors', 'plug')),
  CONSTRAINT ck_stage_wish_state_known CHECK (state IN ('asked', 'playing', 'done', 'failed'))
);

CREATE INDEX ix_stage_wish_open ON stage_wish (id) WHERE state IN ('asked', 'playing');

CREATE INDEX ix_stage_wish_step ON stage_wish (step, id);
