-- Bookings, transfers, counts, leases, buckets.

CREATE TABLE booking (
  id UUID NOT NULL,
  reference TEXT,
  person_id UUID,
  state TEXT DEFAULT 'held' NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  booked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  booked_by TEXT NOT NULL,
  ended_by TEXT,
  CONSTRAINT pk_booking PRIMARY KEY (id),
  CONSTRAINT ck_booking_state_known CHECK (state IN ('held', 'confirmed', 'released', 'expired')),
  CONSTRAINT ck_booking_ended_has_time CHECK ((state = 'held') = (ended_at IS NULL))
);

CREATE INDEX ix_booking_expires_at ON booking (expires_at) WHERE state = 'held';

CREATE TABLE booking_line (
  booking_id UUID NOT NULL,
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  CONSTRAINT pk_booking_line PRIMARY KEY (booking_id, sku_id, warehouse),
  CONSTRAINT ck_booking_line_quantity_positive CHECK (quantity > 0)
);

CREATE TABLE bucket (
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  slot INTEGER NOT NULL,
  free INTEGER NOT NULL,
  CONSTRAINT pk_bucket PRIMARY KEY (sku_id, warehouse, slot),
  CONSTRAINT ck_bucket_free_not_negative CHECK (free >= 0)
)
WITH (fillfactor = 50);

CREATE TABLE stock_count (
  id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  state TEXT DEFAULT 'open' NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_by TEXT,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_stock_count PRIMARY KEY (id),
  CONSTRAINT ck_stock_count_state_known CHECK (state IN ('open', 'closed', 'dropped')),
  CONSTRAINT ck_stock_count_closed_has_time CHECK ((state = 'open') = (closed_at IS NULL))
);

CREATE INDEX ix_stock_count_open ON stock_count (warehouse) WHERE state = 'open';

CREATE TABLE stock_count_line (
  count_id UUID NOT NULL,
  sku_id UUID NOT NULL,
  counted INTEGER,
  on_hand_then INTEGER,
  counted_by TEXT,
  counted_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_stock_count_line PRIMARY KEY (count_id, sku_id),
  CONSTRAINT ck_stock_count_line_counted_not_negative CHECK (counted >= 0),
  CONSTRAINT ck_stock_count_line_counted_beside_level CHECK ((counted IS NULL) = (on_hand_then IS NULL))
);

CREATE TABLE stock_transfer (
  id UUID NOT NULL,
  from_warehouse TEXT NOT NULL,
  to_warehouse TEXT NOT NULL,
  state TEXT DEFAULT 'sent' NOT NULL,
  reference TEXT,
  sent_by TEXT NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
  arrived_by TEXT,
  arrived_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_stock_transfer PRIMARY KEY (id),
  CONSTRAINT ck_stock_transfer_state_known CHECK (state IN ('sent', 'arrived')),
  CONSTRAINT ck_stock_transfer_arrived_has_time CHECK ((state = 'sent') = (arrived_at IS NULL)),
  CONSTRAINT ck_stock_transfer_goes_somewhere CHECK (from_warehouse <> to_warehouse)
);

CREATE INDEX ix_stock_transfer_sent ON stock_transfer (to_warehouse) WHERE state = 'sent';

CREATE TABLE stock_transfer_line (
  transfer_id UUID NOT NULL,
  sku_id UUID NOT NULL,
  sent INTEGER NOT NULL,
  arrived INTEGER,
  CONSTRAINT pk_stock_transfer_line PRIMARY KEY (transfer_id, sku_id),
  CONSTRAINT ck_stock_transfer_line_sent_not_negative CHECK (sent >= 0),
  CONSTRAINT ck_stock_transfer_line_arrived_not_negative CHECK (arrived >= 0)
);

CREATE TABLE lease (
  name TEXT NOT NULL,
  token BIGINT NOT NULL,
  holder TEXT,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_lease PRIMARY KEY (name)
);

-- What moved stays written: a mistake is corrected by another movement.
CREATE FUNCTION movement_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'movements are never changed: correct one by another'
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER movement_append_only BEFORE UPDATE OR DELETE ON movement
FOR EACH STATEMENT EXECUTE FUNCTION movement_append_only();

CREATE TRIGGER movement_whole BEFORE TRUNCATE ON movement
FOR EACH STATEMENT EXECUTE FUNCTION movement_append_only();
