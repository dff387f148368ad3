-- Cases and their conversations.

CREATE SEQUENCE case_number START WITH 1001;

CREATE TABLE support_case (
  id UUID NOT NULL,
  number BIGINT NOT NULL,
  person_id UUID NOT NULL,
  order_id UUID,
  state TEXT NOT NULL,
  priority SMALLINT NOT NULL,
  signals TEXT[] NOT NULL,
  reason TEXT NOT NULL,
  question TEXT NOT NULL,
  language TEXT NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  first_response_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  first_responded_at TIMESTAMP WITH TIME ZONE,
  resolved_at TIMESTAMP WITH TIME ZONE,
  assigned_to TEXT,
  version INTEGER DEFAULT 1 NOT NULL,
  CONSTRAINT pk_support_case PRIMARY KEY (id),
  CONSTRAINT ck_support_case_state_known CHECK (state IN ('open', 'waiting', 'resolved')),
  CONSTRAINT ck_support_case_priority_known CHECK (priority BETWEEN 1 AND 4),
  CONSTRAINT ck_support_case_language_known CHECK (language IN ('zh', 'en')),
  CONSTRAINT ck_support_case_resolved_dated CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  CONSTRAINT uq_support_case_number UNIQUE (number)
);

CREATE INDEX ix_support_case_order_id ON support_case (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ix_support_case_person_id ON support_case (person_id, id);
CREATE INDEX ix_support_case_queue ON support_case (priority, first_response_due_at)
  WHERE state <> 'resolved';
CREATE UNIQUE INDEX uq_support_case_unresolved ON support_case (person_id, order_id)
  NULLS NOT DISTINCT WHERE state <> 'resolved';

CREATE TABLE case_entry (
  id UUID NOT NULL,
  case_id UUID NOT NULL,
  author TEXT NOT NULL,
  by TEXT NOT NULL,
  text TEXT NOT NULL,
  key TEXT,
  verdict_id UUID,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  withdrawn_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_case_entry PRIMARY KEY (id),
  CONSTRAINT ck_case_entry_author_known CHECK (author IN ('shopper', 'agent', 'shop')),
  CONSTRAINT uq_case_entry_case_id_key UNIQUE (case_id, key),
  CONSTRAINT fk_case_entry_case_id FOREIGN KEY(case_id) REFERENCES support_case (id) ON DELETE CASCADE
);

CREATE INDEX ix_case_entry_case_id ON case_entry (case_id, id);
