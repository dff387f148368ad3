-- Every table of the spine. Sequence, tables in order of dependence, indexes.

CREATE SEQUENCE order_number START WITH 100001;

CREATE TABLE api_key (
  id TEXT NOT NULL,
  secret_hash BYTEA NOT NULL,
  label TEXT NOT NULL,
  live BOOLEAN NOT NULL,
  scopes TEXT[] NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  last_used_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_api_key PRIMARY KEY (id),
  CONSTRAINT uq_api_key_secret_hash UNIQUE (secret_hash)
);

CREATE TABLE audit (
  id UUID NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  why TEXT NOT NULL,
  facts JSONB NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE TABLE business_clock (
  id SMALLINT DEFAULT 1 NOT NULL,
  business_anchor TIMESTAMP WITH TIME ZONE NOT NULL,
  machine_anchor TIMESTAMP WITH TIME ZONE NOT NULL,
  rate DOUBLE PRECISION NOT NULL,
  CONSTRAINT pk_business_clock PRIMARY KEY (id),
  CONSTRAINT ck_business_clock_one_row CHECK (id = 1),
  CONSTRAINT ck_business_clock_runs_forward CHECK (rate > 0)
);

CREATE TABLE captured (
  id UUID NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  message_id UUID,
  subject TEXT DEFAULT '' NOT NULL,
  body TEXT NOT NULL,
  html TEXT,
  headers JSONB DEFAULT '[]' NOT NULL,
  captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_captured PRIMARY KEY (id)
);

CREATE INDEX ix_captured_message_id ON captured (message_id);

CREATE TABLE checkpoint (
  id UUID NOT NULL,
  parcel_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  code TEXT NOT NULL,
  place TEXT DEFAULT '' NOT NULL,
  words TEXT DEFAULT '' NOT NULL,
  pickup_code TEXT,
  expected_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_checkpoint PRIMARY KEY (id),
  CONSTRAINT uq_checkpoint_parcel_id_at_code_place UNIQUE (parcel_id, at, code, place)
);

CREATE TABLE handled (
  consumer TEXT NOT NULL,
  event_id UUID NOT NULL,
  CONSTRAINT pk_handled PRIMARY KEY (consumer, event_id)
);

CREATE TABLE heartbeat (
  process TEXT NOT NULL,
  role TEXT NOT NULL,
  pid INTEGER NOT NULL,
  is_leader BOOLEAN DEFAULT false NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_heartbeat PRIMARY KEY (process)
);

CREATE TABLE history (
  id UUID NOT NULL,
  entity TEXT NOT NULL,
  entity_id UUID NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  "old" JSONB,
  "new" JSONB NOT NULL,
  ring TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  change_reason TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_history PRIMARY KEY (id)
)
 PARTITION BY RANGE (id);

CREATE INDEX ix_history_entity_id_version ON history (entity_id, version);

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  status SMALLINT,
  answer JSONB,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT pk_idempotency PRIMARY KEY (scope, key)
);

CREATE TABLE import_reject (
  file_hash BYTEA NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  row TEXT NOT NULL,
  CONSTRAINT pk_import_reject PRIMARY KEY (file_hash, line)
);

CREATE TABLE import_run (
  file_hash BYTEA NOT NULL,
  ring TEXT NOT NULL,
  name TEXT NOT NULL,
  lines_done BIGINT NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_import_run PRIMARY KEY (file_hash, ring)
);

CREATE TABLE inbox_item (
  id UUID NOT NULL,
  person_id UUID NOT NULL,
  order_id UUID,
  notice TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE,
  read_at TIMESTAMP WITH TIME ZONE,
  archived_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_inbox_item PRIMARY KEY (id)
);

CREATE INDEX ix_inbox_item_person_id ON inbox_item (person_id, id);

CREATE TABLE level (
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  on_hand INTEGER NOT NULL,
  reserved INTEGER DEFAULT 0 NOT NULL,
  oversell_limit INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_level PRIMARY KEY (sku_id, warehouse),
  CONSTRAINT ck_level_on_hand_not_negative CHECK (on_hand >= 0),
  CONSTRAINT ck_level_oversell_limit_not_negative CHECK (oversell_limit >= 0),
  CONSTRAINT ck_level_reserved_within_stock CHECK (reserved >= 0 AND reserved <= on_hand + oversell_limit)
)
 WITH (fillfactor = 50);

CREATE TABLE message (
  id UUID NOT NULL,
  verdict_id UUID NOT NULL,
  person_id UUID NOT NULL,
  order_id UUID,
  notice TEXT NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  locale TEXT NOT NULL,
  kind TEXT NOT NULL,
  lane SMALLINT NOT NULL,
  variables JSONB NOT NULL,
  state TEXT DEFAULT 'queued' NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  not_before TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  token INTEGER DEFAULT 0 NOT NULL,
  claimed_by TEXT,
  attempts INTEGER DEFAULT 0 NOT NULL,
  duplicate_risk BOOLEAN DEFAULT false NOT NULL,
  provider_ref TEXT,
  error TEXT,
  queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
  settled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_message PRIMARY KEY (id),
  CONSTRAINT ck_message_lane_known CHECK (lane BETWEEN 0 AND 3),
  CONSTRAINT ck_message_state_known CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'failed', 'expired', 'cancelled'))
)
 PARTITION BY RANGE (id);

CREATE INDEX ix_message_due ON message (lane, due_at, not_before) WHERE state IN ('queued', 'sending');

CREATE INDEX ix_message_order_id ON message (order_id) WHERE order_id IS NOT NULL;

CREATE INDEX ix_message_person_id ON message (person_id, id);

CREATE INDEX ix_message_verdict_id ON message (verdict_id);

CREATE TABLE movement (
  id UUID NOT NULL,
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  delta INTEGER NOT NULL,
  cause TEXT NOT NULL,
  cause_id UUID NOT NULL,
  moved_by TEXT NOT NULL,
  moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_movement PRIMARY KEY (id),
  CONSTRAINT uq_movement_cause_cause_id_sku_id_warehouse UNIQUE (cause, cause_id, sku_id, warehouse),
  CONSTRAINT ck_movement_delta_moves CHECK (delta <> 0),
  CONSTRAINT ck_movement_cause_known CHECK (cause IN ('receipt', 'sale', 'return', 'scrap', 'count', 'transfer'))
);

CREATE INDEX ix_movement_sku_id_warehouse ON movement (sku_id, warehouse);

CREATE TABLE order_line (
  order_id UUID NOT NULL,
  position INTEGER NOT NULL,
  sku_id UUID,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  title_zh TEXT,
  quantity INTEGER NOT NULL,
  unit_minor BIGINT NOT NULL,
  CONSTRAINT pk_order_line PRIMARY KEY (order_id, position),
  CONSTRAINT ck_order_line_quantity_positive CHECK (quantity > 0),
  CONSTRAINT ck_order_line_unit_not_negative CHECK (unit_minor >= 0)
);

CREATE TABLE orders (
  id UUID NOT NULL,
  number BIGINT NOT NULL,
  source TEXT NOT NULL,
  reference TEXT,
  source_version BIGINT,
  mirrored BOOLEAN DEFAULT false NOT NULL,
  person_id UUID NOT NULL,
  status TEXT NOT NULL,
  skipped TEXT[] DEFAULT '{}' NOT NULL,
  currency TEXT NOT NULL,
  total_minor BIGINT NOT NULL,
  payment_reference TEXT,
  placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  paid_at TIMESTAMP WITH TIME ZONE,
  shipped_at TIMESTAMP WITH TIME ZONE,
  delivered_at TIMESTAMP WITH TIME ZONE,
  cancelled_at TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 1 NOT NULL,
  changed_by TEXT NOT NULL,
  change_reason TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ring TEXT DEFAULT 'now' NOT NULL,
  CONSTRAINT pk_orders PRIMARY KEY (id),
  CONSTRAINT uq_orders_source_reference UNIQUE (source, reference),
  CONSTRAINT ck_orders_status_known CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
  CONSTRAINT ck_orders_total_not_negative CHECK (total_minor >= 0),
  CONSTRAINT ck_orders_ring_known CHECK (ring IN ('now', 'then', 'never')),
  CONSTRAINT uq_orders_number UNIQUE (number)
)
 WITH (fillfactor = 70);

CREATE INDEX ix_orders_person_id ON orders (person_id);

CREATE UNIQUE INDEX uq_orders_payment_reference ON orders (payment_reference) WHERE payment_reference IS NOT NULL;

CREATE TABLE outbox (
  id UUID NOT NULL,
  entity_id UUID NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  state TEXT DEFAULT 'pending' NOT NULL,
  attempts INTEGER DEFAULT 0 NOT NULL,
  token INTEGER DEFAULT 0 NOT NULL,
  claimed_by TEXT,
  not_before TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  error TEXT,
  closed_by TEXT,
  close_reason TEXT,
  CONSTRAINT pk_outbox PRIMARY KEY (id),
  CONSTRAINT ck_outbox_state_known CHECK (state IN ('pending', 'parked', 'done', 'discarded'))
)
 PARTITION BY RANGE (id);

CREATE INDEX ix_outbox_due ON outbox (not_before) WHERE state = 'pending';

CREATE INDEX ix_outbox_open ON outbox (entity_id, version) WHERE state IN ('pending', 'parked');

CREATE TABLE parcel (
  id UUID NOT NULL,
  order_id UUID,
  carrier TEXT NOT NULL,
  number TEXT NOT NULL,
  status TEXT DEFAULT 'announced' NOT NULL,
  promised_at TIMESTAMP WITH TIME ZONE,
  expected_at TIMESTAMP WITH TIME ZONE,
  expected_source TEXT,
  last_scan_at TIMESTAMP WITH TIME ZONE,
  last_place TEXT,
  pickup_code TEXT,
  version INTEGER DEFAULT 1 NOT NULL,
  changed_by TEXT NOT NULL,
  change_reason TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ring TEXT DEFAULT 'now' NOT NULL,
  CONSTRAINT pk_parcel PRIMARY KEY (id),
  CONSTRAINT uq_parcel_carrier_number UNIQUE (carrier, number),
  CONSTRAINT ck_parcel_status_known CHECK (status IN ('announced', 'picked_up', 'in_transit', 'at_station', 'out_for_delivery', 'attempt_failed', 'delivered', 'exception')),
  CONSTRAINT ck_parcel_expected_source_known CHECK (expected_source IN ('shop', 'carrier', 'model', 'clerk')),
  CONSTRAINT ck_parcel_ring_known CHECK (ring IN ('now', 'then', 'never'))
);

CREATE INDEX ix_parcel_order_id ON parcel (order_id);

CREATE TABLE person (
  id UUID NOT NULL,
  reference TEXT,
  name TEXT DEFAULT '' NOT NULL,
  locale TEXT NOT NULL,
  zone TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT ck_person_locale_known CHECK (locale IN ('zh', 'en')),
  CONSTRAINT uq_person_reference UNIQUE (reference)
);

CREATE TABLE pressure (
  person_id UUID NOT NULL,
  recent BIGINT[] DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_pressure PRIMARY KEY (person_id)
)
 WITH (fillfactor = 60);

CREATE TABLE reservation (
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  state TEXT DEFAULT 'held' NOT NULL,
  CONSTRAINT pk_reservation PRIMARY KEY (id),
  CONSTRAINT ck_reservation_quantity_positive CHECK (quantity > 0),
  CONSTRAINT ck_reservation_state_known CHECK (state IN ('held', 'confirmed', 'released'))
);

CREATE INDEX ix_reservation_order_id ON reservation (order_id);

CREATE TABLE sku (
  id UUID NOT NULL,
  code TEXT NOT NULL,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  price_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_sku PRIMARY KEY (id),
  CONSTRAINT ck_sku_price_not_negative CHECK (price_minor >= 0),
  CONSTRAINT ck_sku_code_canonical CHECK (code = upper(code)),
  CONSTRAINT uq_sku_code UNIQUE (code)
);

CREATE TABLE slot (
  job TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT DEFAULT 'claimed' NOT NULL,
  claimed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  note TEXT,
  CONSTRAINT pk_slot PRIMARY KEY (job, due_at),
  CONSTRAINT ck_slot_state_known CHECK (state IN ('claimed', 'done', 'failed'))
);

CREATE TABLE staff (
  id UUID NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  CONSTRAINT pk_staff PRIMARY KEY (id),
  CONSTRAINT ck_staff_role_known CHECK (role IN ('agent', 'lead', 'marketer', 'operator')),
  CONSTRAINT uq_staff_email UNIQUE (email)
);

CREATE TABLE suppression (
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_suppression PRIMARY KEY (channel, address)
);

CREATE TABLE switch (
  name TEXT NOT NULL,
  "on" BOOLEAN NOT NULL,
  by TEXT NOT NULL,
  why TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_switch PRIMARY KEY (name)
);

CREATE TABLE told (
  dispatch BYTEA NOT NULL,
  person_id UUID NOT NULL,
  CONSTRAINT pk_told PRIMARY KEY (dispatch, person_id)
);

CREATE TABLE verdict (
  id UUID NOT NULL,
  person_id UUID NOT NULL,
  notice TEXT NOT NULL,
  order_id UUID,
  event_id UUID,
  answer TEXT NOT NULL,
  because TEXT,
  decided_by TEXT NOT NULL,
  until TIMESTAMP WITH TIME ZONE,
  trace JSONB NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_verdict PRIMARY KEY (id),
  CONSTRAINT ck_verdict_answer_known CHECK (answer IN ('send', 'wait', 'skip'))
)
 PARTITION BY RANGE (id);

CREATE INDEX ix_verdict_event_id ON verdict (event_id) WHERE event_id IS NOT NULL;

CREATE INDEX ix_verdict_order_id ON verdict (order_id) WHERE order_id IS NOT NULL;

CREATE INDEX ix_verdict_person_id ON verdict (person_id, id);

CREATE TABLE consent (
  person_id UUID NOT NULL,
  channel TEXT NOT NULL,
  granted BOOLEAN NOT NULL,
  source TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_consent PRIMARY KEY (person_id, channel),
  CONSTRAINT fk_consent_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE contact (
  id UUID NOT NULL,
  person_id UUID NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_contact PRIMARY KEY (id),
  CONSTRAINT uq_contact_person_id_channel_address UNIQUE (person_id, channel, address),
  CONSTRAINT fk_contact_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_contact_address ON contact (address);

CREATE TABLE preference (
  person_id UUID NOT NULL,
  category TEXT NOT NULL,
  channel TEXT NOT NULL,
  wanted BOOLEAN NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_preference PRIMARY KEY (person_id, category, channel),
  CONSTRAINT fk_preference_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE session (
  token_hash BYTEA NOT NULL,
  staff_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_session PRIMARY KEY (token_hash),
  CONSTRAINT fk_session_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) ON DELETE CASCADE
);
