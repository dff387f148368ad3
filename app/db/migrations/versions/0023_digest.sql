-- Digests: how often a person wants to hear, and what joins which.

CREATE TABLE rhythm (
  person_id UUID NOT NULL,
  channel TEXT NOT NULL,
  rhythm TEXT NOT NULL,
  source TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_rhythm PRIMARY KEY (person_id, channel),
  CONSTRAINT ck_rhythm_rhythm_known CHECK (rhythm IN ('now', 'hourly', 'daily', 'weekly')),
  CONSTRAINT fk_rhythm_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE digest_slot (
  id UUID NOT NULL,
  person_id UUID NOT NULL,
  channel TEXT NOT NULL,
  closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT DEFAULT 'open' NOT NULL,
  epoch INTEGER DEFAULT 0 NOT NULL,
  held_until TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_digest_slot PRIMARY KEY (id),
  CONSTRAINT ck_digest_slot_state_known CHECK (state IN ('open', 'closing', 'closed')),
  CONSTRAINT uq_digest_slot_person_id_channel_closes_at UNIQUE (person_id, channel, closes_at)
);

CREATE INDEX ix_digest_slot_closed ON digest_slot (closes_at) WHERE state = 'closed';

CREATE INDEX ix_digest_slot_due ON digest_slot (closes_at) WHERE state <> 'closed';

CREATE TABLE digest_item (
  slot_id UUID NOT NULL,
  verdict_id UUID NOT NULL,
  notice TEXT NOT NULL,
  order_id UUID,
  variables JSONB NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  fell_out TEXT,
  CONSTRAINT pk_digest_item PRIMARY KEY (slot_id, verdict_id),
  CONSTRAINT fk_digest_item_slot_id FOREIGN KEY(slot_id) REFERENCES digest_slot (id) ON DELETE CASCADE
);

CREATE INDEX ix_digest_item_verdict_id ON digest_item (verdict_id);

CREATE TABLE escalation_step (
  id UUID NOT NULL,
  verdict_id UUID NOT NULL,
  person_id UUID NOT NULL,
  order_id UUID,
  notice TEXT NOT NULL,
  channel TEXT NOT NULL,
  variables JSONB NOT NULL,
  planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT DEFAULT 'waiting' NOT NULL,
  CONSTRAINT pk_escalation_step PRIMARY KEY (id),
  CONSTRAINT ck_escalation_step_state_known CHECK (state IN ('waiting', 'decided', 'seen', 'late')),
  CONSTRAINT uq_escalation_step_verdict_id_channel UNIQUE (verdict_id, channel)
);

CREATE INDEX ix_escalation_step_due ON escalation_step (due_at) WHERE state = 'waiting';

CREATE INDEX ix_escalation_step_settled ON escalation_step (due_at) WHERE state <> 'waiting';
