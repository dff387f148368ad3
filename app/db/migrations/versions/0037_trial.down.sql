-- Orders and messages without it.

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

ALTER TABLE orders DROP COLUMN is_trial;
ALTER TABLE message DROP COLUMN is_trial;
