-- Axes, lines in versions, refunds, addresses, warehouses.

ALTER TABLE orders
  ADD COLUMN standing TEXT DEFAULT 'open' NOT NULL,
  ADD COLUMN payment TEXT DEFAULT 'unpaid' NOT NULL,
  ADD COLUMN fulfilment TEXT DEFAULT 'unfulfilled' NOT NULL,
  ADD COLUMN paid_minor BIGINT DEFAULT 0 NOT NULL,
  ADD COLUMN refund_minor BIGINT DEFAULT 0 NOT NULL,
  ADD COLUMN deposit_minor BIGINT,
  ADD COLUMN short_units INTEGER DEFAULT 0 NOT NULL,
  ADD COLUMN pay_until TIMESTAMP WITH TIME ZONE,
  ADD COLUMN balance_from TIMESTAMP WITH TIME ZONE,
  ADD COLUMN balance_until TIMESTAMP WITH TIME ZONE,
  ADD COLUMN ship_to UUID,
  ADD COLUMN invoice UUID;

-- What stood in one word stands on three axes; no trigger tracks these columns yet.
UPDATE orders SET
  standing = CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'open' END,
  payment = CASE WHEN paid_at IS NOT NULL OR status IN ('paid', 'shipped', 'delivered')
    THEN 'paid' ELSE 'unpaid' END,
  fulfilment = CASE WHEN status IN ('shipped', 'delivered') THEN status ELSE 'unfulfilled' END,
  paid_minor = CASE WHEN NOT mirrored AND payment_reference IS NOT NULL
    THEN total_minor ELSE 0 END;

ALTER TABLE orders
  ADD CONSTRAINT ck_orders_standing_known CHECK (standing IN ('open', 'cancelled')),
  ADD CONSTRAINT ck_orders_payment_known CHECK (
    payment IN ('unpaid', 'deposit_paid', 'paid', 'refund_due', 'refunded')),
  ADD CONSTRAINT ck_orders_fulfilment_known CHECK (
    fulfilment IN ('unfulfilled', 'partly_shipped', 'shipped', 'delivered', 'returned')),
  ADD CONSTRAINT ck_orders_status_of_axes CHECK (status = CASE
    WHEN standing = 'cancelled' THEN 'cancelled'
    WHEN fulfilment IN ('delivered', 'returned') THEN 'delivered'
    WHEN fulfilment = 'shipped' THEN 'shipped'
    WHEN payment IN ('unpaid', 'deposit_paid') THEN 'placed'
    ELSE 'paid' END),
  ADD CONSTRAINT ck_orders_refund_within_payment CHECK (refund_minor BETWEEN 0 AND paid_minor),
  ADD CONSTRAINT ck_orders_short_units_not_negative CHECK (short_units >= 0);

ALTER TABLE order_line
  ADD COLUMN since_version INTEGER DEFAULT 1 NOT NULL,
  ADD COLUMN until_version INTEGER,
  DROP CONSTRAINT pk_order_line,
  ADD CONSTRAINT pk_order_line PRIMARY KEY (order_id, position, since_version),
  ADD CONSTRAINT ck_order_line_until_after_since CHECK (until_version > since_version);

ALTER TABLE level
  ADD COLUMN safety_stock INTEGER DEFAULT 0 NOT NULL,
  ADD COLUMN short INTEGER DEFAULT 0 NOT NULL,
  ADD COLUMN low_at INTEGER,
  ADD COLUMN standing TEXT DEFAULT 'out' NOT NULL,
  ADD COLUMN id UUID DEFAULT uuid7() NOT NULL,
  ADD COLUMN version INTEGER DEFAULT 1 NOT NULL,
  ADD COLUMN changed_by TEXT DEFAULT 'shop' NOT NULL,
  ADD COLUMN change_reason TEXT DEFAULT 'sold' NOT NULL,
  ADD COLUMN changed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  ADD COLUMN ring TEXT DEFAULT 'now' NOT NULL,
  ADD CONSTRAINT ck_level_safety_stock_not_negative CHECK (safety_stock >= 0),
  ADD CONSTRAINT ck_level_short_not_negative CHECK (short >= 0),
  ADD CONSTRAINT ck_level_low_at_not_negative CHECK (low_at >= 0),
  ADD CONSTRAINT ck_level_standing_known CHECK (standing IN ('in', 'low', 'out')),
  ADD CONSTRAINT ck_level_ring_known CHECK (ring IN ('now', 'then', 'never'));

UPDATE level SET standing = CASE
  WHEN on_hand + oversell_limit - reserved <= 0 THEN 'out' ELSE 'in' END;

-- Levels that were there before they were tracked begin their history here, and ring nobody.
WITH begun AS (
  INSERT INTO history (id, entity, entity_id, version, type, new, ring,
                       changed_by, change_reason, changed_at)
  SELECT uuid7(), 'level', id, 1, 'stock.opened',
         jsonb_build_object('sku_id', sku_id, 'warehouse', warehouse, 'standing', standing,
           'low_at', low_at, 'safety_stock', safety_stock, 'oversell_limit', oversell_limit),
         'never', 'migration', 'first tracked', clock_timestamp()
  FROM level RETURNING id, entity_id, version, type)
INSERT INTO outbox (id, entity_id, version, type, state)
SELECT id, entity_id, version, type, 'done' FROM begun;

ALTER TABLE reservation
  ADD COLUMN parcel_id UUID,
  ADD COLUMN held_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
  ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE,
  ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE,
  DROP CONSTRAINT ck_reservation_state_known,
  ADD CONSTRAINT ck_reservation_state_known CHECK (
    state IN ('held', 'short', 'confirmed', 'released'));

UPDATE reservation r SET held_at = o.placed_at,
  ended_at = CASE r.state WHEN 'confirmed' THEN o.shipped_at WHEN 'released' THEN o.cancelled_at END
FROM orders o WHERE o.id = r.order_id;

CREATE INDEX ix_reservation_short ON reservation (sku_id, warehouse) WHERE state = 'short';

CREATE INDEX ix_reservation_expires_at ON reservation (expires_at)
WHERE state = 'held' AND expires_at IS NOT NULL;

CREATE TABLE warehouse (
  code TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  country TEXT NOT NULL,
  region TEXT,
  priority INTEGER DEFAULT 100 NOT NULL,
  sells BOOLEAN DEFAULT true NOT NULL,
  CONSTRAINT pk_warehouse PRIMARY KEY (code)
);

CREATE TABLE ship_to (
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  country TEXT NOT NULL,
  region TEXT,
  city TEXT,
  street TEXT,
  postal_code TEXT,
  station TEXT,
  set_by TEXT NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_ship_to PRIMARY KEY (id),
  CONSTRAINT ck_ship_to_somewhere CHECK (street IS NOT NULL OR station IS NOT NULL)
);

CREATE INDEX ix_ship_to_order_id ON ship_to (order_id);

CREATE TABLE invoice (
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  title TEXT NOT NULL,
  tax_number TEXT,
  email TEXT,
  asked_by TEXT NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_invoice PRIMARY KEY (id)
);

CREATE INDEX ix_invoice_order_id ON invoice (order_id);

CREATE TABLE refund (
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  cause TEXT NOT NULL,
  cause_id UUID NOT NULL,
  status TEXT DEFAULT 'asked' NOT NULL,
  reference TEXT,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 1 NOT NULL,
  changed_by TEXT NOT NULL,
  change_reason TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ring TEXT DEFAULT 'now' NOT NULL,
  CONSTRAINT pk_refund PRIMARY KEY (id),
  CONSTRAINT uq_refund_cause_cause_id UNIQUE (cause, cause_id),
  CONSTRAINT ck_refund_amount_positive CHECK (amount_minor > 0),
  CONSTRAINT ck_refund_cause_known CHECK (
    cause IN ('cancelled', 'edited', 'returned', 'short', 'paid_late', 'paid_twice')),
  CONSTRAINT ck_refund_status_known CHECK (status IN ('asked', 'made')),
  CONSTRAINT ck_refund_made_has_time CHECK ((status = 'made') = (made_at IS NOT NULL)),
  CONSTRAINT ck_refund_ring_known CHECK (ring IN ('now', 'then', 'never'))
);

CREATE INDEX ix_refund_order_id ON refund (order_id);

INSERT INTO warehouse (code, name_zh, name_en, country) VALUES ('main', '总仓', 'Main', 'CN');

INSERT INTO warehouse (code, name_zh, name_en, country, priority, sells)
SELECT DISTINCT warehouse, warehouse, warehouse, 'CN', 200, false FROM level
WHERE warehouse <> 'main';
