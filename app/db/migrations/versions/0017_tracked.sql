-- What makes a table tracked, as orders_core.outbox.tracked generates it.

DROP FUNCTION IF EXISTS orders_inserted() CASCADE;

DROP FUNCTION IF EXISTS orders_updated() CASCADE;

DROP FUNCTION IF EXISTS orders_versioned() CASCADE;

DROP FUNCTION IF EXISTS orders_kept() CASCADE;

CREATE FUNCTION orders_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'order', n.id, n.version,
           'order.' || n.status,
           NULL,
           jsonb_build_object(
             'number', n.number,
             'source', n.source,
             'reference', n.reference,
             'source_version', n.source_version,
             'mirrored', n.mirrored,
             'person_id', n.person_id,
             'status', n.status,
             'standing', n.standing,
             'payment', n.payment,
             'fulfilment', n.fulfilment,
             'skipped', n.skipped,
             'currency', n.currency,
             'total_minor', n.total_minor,
             'paid_minor', n.paid_minor,
             'refund_minor', n.refund_minor,
             'deposit_minor', n.deposit_minor,
             'short_units', n.short_units,
             'payment_reference', n.payment_reference,
             'placed_at', n.placed_at,
             'paid_at', n.paid_at,
             'shipped_at', n.shipped_at,
             'delivered_at', n.delivered_at,
             'cancelled_at', n.cancelled_at,
             'pay_until', n.pay_until,
             'balance_from', n.balance_from,
             'balance_until', n.balance_until,
             'ship_to', n.ship_to,
             'invoice', n.invoice,
             'lines_version', n.lines_version),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION orders_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'order', n.id, n.version,
           CASE WHEN n.fulfilment = 'returned' AND o.fulfilment <> 'returned' THEN 'order.returned'
                WHEN n.status <> o.status THEN 'order.' || n.status
                WHEN n.fulfilment <> o.fulfilment THEN 'order.' || n.fulfilment
                WHEN o.short_units = 0 AND n.short_units > 0 THEN 'order.short'
                WHEN o.short_units > 0 AND n.short_units = 0 THEN 'order.short_settled'
                WHEN n.payment <> o.payment THEN 'order.' || n.payment
                WHEN n.balance_until IS DISTINCT FROM o.balance_until THEN 'order.balance_due'
                WHEN n.ship_to IS DISTINCT FROM o.ship_to THEN 'order.address_changed'
                WHEN n.invoice IS DISTINCT FROM o.invoice THEN 'order.invoice_asked'
                WHEN n.lines_version <> o.lines_version AND NOT n.mirrored THEN 'order.edited'
                ELSE 'order.updated' END,
           jsonb_build_object(
             'number', o.number,
             'source', o.source,
             'reference', o.reference,
             'source_version', o.source_version,
             'mirrored', o.mirrored,
             'person_id', o.person_id,
             'status', o.status,
             'standing', o.standing,
             'payment', o.payment,
             'fulfilment', o.fulfilment,
             'skipped', o.skipped,
             'currency', o.currency,
             'total_minor', o.total_minor,
             'paid_minor', o.paid_minor,
             'refund_minor', o.refund_minor,
             'deposit_minor', o.deposit_minor,
             'short_units', o.short_units,
             'payment_reference', o.payment_reference,
             'placed_at', o.placed_at,
             'paid_at', o.paid_at,
             'shipped_at', o.shipped_at,
             'delivered_at', o.delivered_at,
             'cancelled_at', o.cancelled_at,
             'pay_until', o.pay_until,
             'balance_from', o.balance_from,
             'balance_until', o.balance_until,
             'ship_to', o.ship_to,
             'invoice', o.invoice,
             'lines_version', o.lines_version),
           jsonb_build_object(
             'number', n.number,
             'source', n.source,
             'reference', n.reference,
             'source_version', n.source_version,
             'mirrored', n.mirrored,
             'person_id', n.person_id,
             'status', n.status,
             'standing', n.standing,
             'payment', n.payment,
             'fulfilment', n.fulfilment,
             'skipped', n.skipped,
             'currency', n.currency,
             'total_minor', n.total_minor,
             'paid_minor', n.paid_minor,
             'refund_minor', n.refund_minor,
             'deposit_minor', n.deposit_minor,
             'short_units', n.short_units,
             'payment_reference', n.payment_reference,
             'placed_at', n.placed_at,
             'paid_at', n.paid_at,
             'shipped_at', n.shipped_at,
             'delivered_at', n.delivered_at,
             'cancelled_at', n.cancelled_at,
             'pay_until', n.pay_until,
             'balance_from', n.balance_from,
             'balance_until', n.balance_until,
             'ship_to', n.ship_to,
             'invoice', n.invoice,
             'lines_version', n.lines_version),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION orders_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of orders may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.number, OLD.source, OLD.reference, OLD.source_version, OLD.mirrored, OLD.person_id, OLD.status, OLD.standing, OLD.payment, OLD.fulfilment, OLD.skipped, OLD.currency, OLD.total_minor, OLD.paid_minor, OLD.refund_minor, OLD.deposit_minor, OLD.short_units, OLD.payment_reference, OLD.placed_at, OLD.paid_at, OLD.shipped_at, OLD.delivered_at, OLD.cancelled_at, OLD.pay_until, OLD.balance_from, OLD.balance_until, OLD.ship_to, OLD.invoice, OLD.lines_version) IS DISTINCT FROM (NEW.number, NEW.source, NEW.reference, NEW.source_version, NEW.mirrored, NEW.person_id, NEW.status, NEW.standing, NEW.payment, NEW.fulfilment, NEW.skipped, NEW.currency, NEW.total_minor, NEW.paid_minor, NEW.refund_minor, NEW.deposit_minor, NEW.short_units, NEW.payment_reference, NEW.placed_at, NEW.paid_at, NEW.shipped_at, NEW.delivered_at, NEW.cancelled_at, NEW.pay_until, NEW.balance_from, NEW.balance_until, NEW.ship_to, NEW.invoice, NEW.lines_version) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION orders_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'orders is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER orders_inserted AFTER INSERT ON orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders_inserted();

CREATE TRIGGER orders_updated AFTER UPDATE ON orders REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION orders_updated();

CREATE TRIGGER orders_versioned BEFORE UPDATE ON orders FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.number, OLD.source, OLD.reference, OLD.source_version, OLD.mirrored, OLD.person_id, OLD.status, OLD.standing, OLD.payment, OLD.fulfilment, OLD.skipped, OLD.currency, OLD.total_minor, OLD.paid_minor, OLD.refund_minor, OLD.deposit_minor, OLD.short_units, OLD.payment_reference, OLD.placed_at, OLD.paid_at, OLD.shipped_at, OLD.delivered_at, OLD.cancelled_at, OLD.pay_until, OLD.balance_from, OLD.balance_until, OLD.ship_to, OLD.invoice, OLD.lines_version) IS DISTINCT FROM (NEW.number, NEW.source, NEW.reference, NEW.source_version, NEW.mirrored, NEW.person_id, NEW.status, NEW.standing, NEW.payment, NEW.fulfilment, NEW.skipped, NEW.currency, NEW.total_minor, NEW.paid_minor, NEW.refund_minor, NEW.deposit_minor, NEW.short_units, NEW.payment_reference, NEW.placed_at, NEW.paid_at, NEW.shipped_at, NEW.delivered_at, NEW.cancelled_at, NEW.pay_until, NEW.balance_from, NEW.balance_until, NEW.ship_to, NEW.invoice, NEW.lines_version)) EXECUTE FUNCTION orders_versioned();

CREATE TRIGGER orders_kept BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_kept();

CREATE TRIGGER orders_whole BEFORE TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION orders_kept();

DROP FUNCTION IF EXISTS refund_inserted() CASCADE;

DROP FUNCTION IF EXISTS refund_updated() CASCADE;

DROP FUNCTION IF EXISTS refund_versioned() CASCADE;

DROP FUNCTION IF EXISTS refund_kept() CASCADE;

CREATE FUNCTION refund_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'refund', n.id, n.version,
           'refund.' || n.status,
           NULL,
           jsonb_build_object(
             'order_id', n.order_id,
             'amount_minor', n.amount_minor,
             'currency', n.currency,
             'cause', n.cause,
             'cause_id', n.cause_id,
             'status', n.status,
             'reference', n.reference,
             'asked_at', n.asked_at,
             'made_at', n.made_at),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION refund_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'refund', n.id, n.version,
           CASE WHEN n.status <> o.status THEN 'refund.' || n.status ELSE 'refund.updated' END,
           jsonb_build_object(
             'order_id', o.order_id,
             'amount_minor', o.amount_minor,
             'currency', o.currency,
             'cause', o.cause,
             'cause_id', o.cause_id,
             'status', o.status,
             'reference', o.reference,
             'asked_at', o.asked_at,
             'made_at', o.made_at),
           jsonb_build_object(
             'order_id', n.order_id,
             'amount_minor', n.amount_minor,
             'currency', n.currency,
             'cause', n.cause,
             'cause_id', n.cause_id,
             'status', n.status,
             'reference', n.reference,
             'asked_at', n.asked_at,
             'made_at', n.made_at),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION refund_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of refund may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.order_id, OLD.amount_minor, OLD.currency, OLD.cause, OLD.cause_id, OLD.status, OLD.reference, OLD.asked_at, OLD.made_at) IS DISTINCT FROM (NEW.order_id, NEW.amount_minor, NEW.currency, NEW.cause, NEW.cause_id, NEW.status, NEW.reference, NEW.asked_at, NEW.made_at) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION refund_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refund is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER refund_inserted AFTER INSERT ON refund REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refund_inserted();

CREATE TRIGGER refund_updated AFTER UPDATE ON refund REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION refund_updated();

CREATE TRIGGER refund_versioned BEFORE UPDATE ON refund FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.order_id, OLD.amount_minor, OLD.currency, OLD.cause, OLD.cause_id, OLD.status, OLD.reference, OLD.asked_at, OLD.made_at) IS DISTINCT FROM (NEW.order_id, NEW.amount_minor, NEW.currency, NEW.cause, NEW.cause_id, NEW.status, NEW.reference, NEW.asked_at, NEW.made_at)) EXECUTE FUNCTION refund_versioned();

CREATE TRIGGER refund_kept BEFORE DELETE ON refund FOR EACH ROW EXECUTE FUNCTION refund_kept();

CREATE TRIGGER refund_whole BEFORE TRUNCATE ON refund FOR EACH STATEMENT EXECUTE FUNCTION refund_kept();

DROP FUNCTION IF EXISTS order_return_inserted() CASCADE;

DROP FUNCTION IF EXISTS order_return_updated() CASCADE;

DROP FUNCTION IF EXISTS order_return_versioned() CASCADE;

DROP FUNCTION IF EXISTS order_return_kept() CASCADE;

CREATE FUNCTION order_return_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'return', n.id, n.version,
           'return.' || n.state,
           NULL,
           jsonb_build_object(
             'order_id', n.order_id,
             'state', n.state,
             'reason', n.reason,
             'who_pays', n.who_pays,
             'refund_percent', n.refund_percent,
             'amount_minor', n.amount_minor,
             'currency', n.currency,
             'carrier', n.carrier,
             'parcel_number', n.parcel_number,
             'requested_at', n.requested_at,
             'decided_at', n.decided_at,
             'received_at', n.received_at,
             'closed_at', n.closed_at),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION order_return_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'return', n.id, n.version,
           CASE WHEN n.state <> o.state THEN 'return.' || n.state ELSE 'return.updated' END,
           jsonb_build_object(
             'order_id', o.order_id,
             'state', o.state,
             'reason', o.reason,
             'who_pays', o.who_pays,
             'refund_percent', o.refund_percent,
             'amount_minor', o.amount_minor,
             'currency', o.currency,
             'carrier', o.carrier,
             'parcel_number', o.parcel_number,
             'requested_at', o.requested_at,
             'decided_at', o.decided_at,
             'received_at', o.received_at,
             'closed_at', o.closed_at),
           jsonb_build_object(
             'order_id', n.order_id,
             'state', n.state,
             'reason', n.reason,
             'who_pays', n.who_pays,
             'refund_percent', n.refund_percent,
             'amount_minor', n.amount_minor,
             'currency', n.currency,
             'carrier', n.carrier,
             'parcel_number', n.parcel_number,
             'requested_at', n.requested_at,
             'decided_at', n.decided_at,
             'received_at', n.received_at,
             'closed_at', n.closed_at),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION order_return_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of order_return may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.order_id, OLD.state, OLD.reason, OLD.who_pays, OLD.refund_percent, OLD.amount_minor, OLD.currency, OLD.carrier, OLD.parcel_number, OLD.requested_at, OLD.decided_at, OLD.received_at, OLD.closed_at) IS DISTINCT FROM (NEW.order_id, NEW.state, NEW.reason, NEW.who_pays, NEW.refund_percent, NEW.amount_minor, NEW.currency, NEW.carrier, NEW.parcel_number, NEW.requested_at, NEW.decided_at, NEW.received_at, NEW.closed_at) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION order_return_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order_return is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER order_return_inserted AFTER INSERT ON order_return REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION order_return_inserted();

CREATE TRIGGER order_return_updated AFTER UPDATE ON order_return REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION order_return_updated();

CREATE TRIGGER order_return_versioned BEFORE UPDATE ON order_return FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.order_id, OLD.state, OLD.reason, OLD.who_pays, OLD.refund_percent, OLD.amount_minor, OLD.currency, OLD.carrier, OLD.parcel_number, OLD.requested_at, OLD.decided_at, OLD.received_at, OLD.closed_at) IS DISTINCT FROM (NEW.order_id, NEW.state, NEW.reason, NEW.who_pays, NEW.refund_percent, NEW.amount_minor, NEW.currency, NEW.carrier, NEW.parcel_number, NEW.requested_at, NEW.decided_at, NEW.received_at, NEW.closed_at)) EXECUTE FUNCTION order_return_versioned();

CREATE TRIGGER order_return_kept BEFORE DELETE ON order_return FOR EACH ROW EXECUTE FUNCTION order_return_kept();

CREATE TRIGGER order_return_whole BEFORE TRUNCATE ON order_return FOR EACH STATEMENT EXECUTE FUNCTION order_return_kept();

DROP FUNCTION IF EXISTS level_inserted() CASCADE;

DROP FUNCTION IF EXISTS level_updated() CASCADE;

DROP FUNCTION IF EXISTS level_versioned() CASCADE;

DROP FUNCTION IF EXISTS level_kept() CASCADE;

DROP FUNCTION IF EXISTS level_derived() CASCADE;

CREATE FUNCTION level_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'level', n.id, n.version,
           'stock.opened',
           NULL,
           jsonb_build_object(
             'sku_id', n.sku_id,
             'warehouse', n.warehouse,
             'standing', n.standing,
             'low_at', n.low_at,
             'safety_stock', n.safety_stock,
             'oversell_limit', n.oversell_limit),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION level_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'level', n.id, n.version,
           CASE WHEN n.standing = o.standing THEN 'stock.updated'
                WHEN o.standing = 'out' THEN 'stock.back'
                WHEN n.standing = 'in' THEN 'stock.plenty'
                ELSE 'stock.' || n.standing END,
           jsonb_build_object(
             'sku_id', o.sku_id,
             'warehouse', o.warehouse,
             'standing', o.standing,
             'low_at', o.low_at,
             'safety_stock', o.safety_stock,
             'oversell_limit', o.oversell_limit),
           jsonb_build_object(
             'sku_id', n.sku_id,
             'warehouse', n.warehouse,
             'standing', n.standing,
             'low_at', n.low_at,
             'safety_stock', n.safety_stock,
             'oversell_limit', n.oversell_limit),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION level_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of level may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.sku_id, OLD.warehouse, OLD.standing, OLD.low_at, OLD.safety_stock, OLD.oversell_limit) IS DISTINCT FROM (NEW.sku_id, NEW.warehouse, NEW.standing, NEW.low_at, NEW.safety_stock, NEW.oversell_limit) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION level_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'level is tracked: its rows are never deleted';
END $$;

CREATE FUNCTION level_derived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.standing := CASE WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved - NEW.short <= 0 THEN 'out'
    WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved - NEW.short <= NEW.low_at THEN 'low'
    ELSE 'in' END;
  RETURN NEW;
END $$;

CREATE TRIGGER level_derived BEFORE INSERT OR UPDATE ON level FOR EACH ROW EXECUTE FUNCTION level_derived();

CREATE TRIGGER level_inserted AFTER INSERT ON level REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION level_inserted();

CREATE TRIGGER level_updated AFTER UPDATE ON level REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION level_updated();

CREATE TRIGGER level_versioned BEFORE UPDATE ON level FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.sku_id, OLD.warehouse, OLD.standing, OLD.low_at, OLD.safety_stock, OLD.oversell_limit) IS DISTINCT FROM (NEW.sku_id, NEW.warehouse, NEW.standing, NEW.low_at, NEW.safety_stock, NEW.oversell_limit)) EXECUTE FUNCTION level_versioned();

CREATE TRIGGER level_kept BEFORE DELETE ON level FOR EACH ROW EXECUTE FUNCTION level_kept();

CREATE TRIGGER level_whole BEFORE TRUNCATE ON level FOR EACH STATEMENT EXECUTE FUNCTION level_kept();

DROP FUNCTION IF EXISTS price_inserted() CASCADE;

DROP FUNCTION IF EXISTS price_updated() CASCADE;

DROP FUNCTION IF EXISTS price_versioned() CASCADE;

DROP FUNCTION IF EXISTS price_kept() CASCADE;

CREATE FUNCTION price_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'price', n.id, n.version,
           'price.changed',
           NULL,
           jsonb_build_object(
             'price_list', n.price_list,
             'sku_id', n.sku_id,
             'price_minor', n.price_minor,
             'valid_from', n.valid_from,
             'valid_until', n.valid_until),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION price_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'price', n.id, n.version,
           'price.changed',
           jsonb_build_object(
             'price_list', o.price_list,
             'sku_id', o.sku_id,
             'price_minor', o.price_minor,
             'valid_from', o.valid_from,
             'valid_until', o.valid_until),
           jsonb_build_object(
             'price_list', n.price_list,
             'sku_id', n.sku_id,
             'price_minor', n.price_minor,
             'valid_from', n.valid_from,
             'valid_until', n.valid_until),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION price_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of price may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.price_list, OLD.sku_id, OLD.price_minor, OLD.valid_from, OLD.valid_until) IS DISTINCT FROM (NEW.price_list, NEW.sku_id, NEW.price_minor, NEW.valid_from, NEW.valid_until) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION price_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'price is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER price_inserted AFTER INSERT ON price REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION price_inserted();

CREATE TRIGGER price_updated AFTER UPDATE ON price REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION price_updated();

CREATE TRIGGER price_versioned BEFORE UPDATE ON price FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.price_list, OLD.sku_id, OLD.price_minor, OLD.valid_from, OLD.valid_until) IS DISTINCT FROM (NEW.price_list, NEW.sku_id, NEW.price_minor, NEW.valid_from, NEW.valid_until)) EXECUTE FUNCTION price_versioned();

CREATE TRIGGER price_kept BEFORE DELETE ON price FOR EACH ROW EXECUTE FUNCTION price_kept();

CREATE TRIGGER price_whole BEFORE TRUNCATE ON price FOR EACH STATEMENT EXECUTE FUNCTION price_kept();

DROP FUNCTION IF EXISTS parcel_inserted() CASCADE;

DROP FUNCTION IF EXISTS parcel_updated() CASCADE;

DROP FUNCTION IF EXISTS parcel_versioned() CASCADE;

DROP FUNCTION IF EXISTS parcel_kept() CASCADE;

CREATE FUNCTION parcel_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'parcel', n.id, n.version,
           'parcel.' || n.status,
           NULL,
           jsonb_build_object(
             'order_id', n.order_id,
             'carrier', n.carrier,
             'number', n.number,
             'status', n.status,
             'promised_at', n.promised_at,
             'expected_at', n.expected_at,
             'expected_source', n.expected_source,
             'last_scan_at', n.last_scan_at,
             'last_place', n.last_place,
             'pickup_code', n.pickup_code,
             'direction', n.direction,
             'replaced_by', n.replaced_by),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION parcel_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'parcel', n.id, n.version,
           CASE WHEN n.replaced_by IS DISTINCT FROM o.replaced_by THEN 'parcel.relabelled' WHEN n.status <> o.status OR (o.order_id IS NULL AND n.order_id IS NOT NULL) THEN 'parcel.' || n.status WHEN n.expected_at IS DISTINCT FROM o.expected_at THEN 'parcel.rescheduled' ELSE 'parcel.updated' END,
           jsonb_build_object(
             'order_id', o.order_id,
             'carrier', o.carrier,
             'number', o.number,
             'status', o.status,
             'promised_at', o.promised_at,
             'expected_at', o.expected_at,
             'expected_source', o.expected_source,
             'last_scan_at', o.last_scan_at,
             'last_place', o.last_place,
             'pickup_code', o.pickup_code,
             'direction', o.direction,
             'replaced_by', o.replaced_by),
           jsonb_build_object(
             'order_id', n.order_id,
             'carrier', n.carrier,
             'number', n.number,
             'status', n.status,
             'promised_at', n.promised_at,
             'expected_at', n.expected_at,
             'expected_source', n.expected_source,
             'last_scan_at', n.last_scan_at,
             'last_place', n.last_place,
             'pickup_code', n.pickup_code,
             'direction', n.direction,
             'replaced_by', n.replaced_by),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION parcel_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of parcel may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN (OLD.order_id, OLD.carrier, OLD.number, OLD.status, OLD.promised_at, OLD.expected_at, OLD.expected_source, OLD.last_scan_at, OLD.last_place, OLD.pickup_code, OLD.direction, OLD.replaced_by) IS DISTINCT FROM (NEW.order_id, NEW.carrier, NEW.number, NEW.status, NEW.promised_at, NEW.expected_at, NEW.expected_source, NEW.last_scan_at, NEW.last_place, NEW.pickup_code, NEW.direction, NEW.replaced_by) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION parcel_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'parcel is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER parcel_inserted AFTER INSERT ON parcel REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION parcel_inserted();

CREATE TRIGGER parcel_updated AFTER UPDATE ON parcel REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION parcel_updated();

CREATE TRIGGER parcel_versioned BEFORE UPDATE ON parcel FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.order_id, OLD.carrier, OLD.number, OLD.status, OLD.promised_at, OLD.expected_at, OLD.expected_source, OLD.last_scan_at, OLD.last_place, OLD.pickup_code, OLD.direction, OLD.replaced_by) IS DISTINCT FROM (NEW.order_id, NEW.carrier, NEW.number, NEW.status, NEW.promised_at, NEW.expected_at, NEW.expected_source, NEW.last_scan_at, NEW.last_place, NEW.pickup_code, NEW.direction, NEW.replaced_by)) EXECUTE FUNCTION parcel_versioned();

CREATE TRIGGER parcel_kept BEFORE DELETE ON parcel FOR EACH ROW EXECUTE FUNCTION parcel_kept();

CREATE TRIGGER parcel_whole BEFORE TRUNCATE ON parcel FOR EACH STATEMENT EXECUTE FUNCTION parcel_kept();
