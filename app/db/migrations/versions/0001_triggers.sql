-- What makes a table tracked, as orders_core.outbox.tracked generates it.

CREATE FUNCTION orders_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
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
             'skipped', n.skipped,
             'currency', n.currency,
             'total_minor', n.total_minor,
             'payment_reference', n.payment_reference,
             'placed_at', n.placed_at,
             'paid_at', n.paid_at,
             'shipped_at', n.shipped_at,
             'delivered_at', n.delivered_at,
             'cancelled_at', n.cancelled_at),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION orders_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'order', n.id, n.version,
           CASE WHEN n.status <> o.status THEN 'order.' || n.status ELSE 'order.updated' END,
           jsonb_build_object(
             'number', o.number,
             'source', o.source,
             'reference', o.reference,
             'source_version', o.source_version,
             'mirrored', o.mirrored,
             'person_id', o.person_id,
             'status', o.status,
             'skipped', o.skipped,
             'currency', o.currency,
             'total_minor', o.total_minor,
             'payment_reference', o.payment_reference,
             'placed_at', o.placed_at,
             'paid_at', o.paid_at,
             'shipped_at', o.shipped_at,
             'delivered_at', o.delivered_at,
             'cancelled_at', o.cancelled_at),
           jsonb_build_object(
             'number', n.number,
             'source', n.source,
             'reference', n.reference,
             'source_version', n.source_version,
             'mirrored', n.mirrored,
             'person_id', n.person_id,
             'status', n.status,
             'skipped', n.skipped,
             'currency', n.currency,
             'total_minor', n.total_minor,
             'payment_reference', n.payment_reference,
             'placed_at', n.placed_at,
             'paid_at', n.paid_at,
             'shipped_at', n.shipped_at,
             'delivered_at', n.delivered_at,
             'cancelled_at', n.cancelled_at),
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
  NEW.version := OLD.version + CASE WHEN (OLD.number, OLD.source, OLD.reference, OLD.source_version, OLD.mirrored, OLD.person_id, OLD.status, OLD.skipped, OLD.currency, OLD.total_minor, OLD.payment_reference, OLD.placed_at, OLD.paid_at, OLD.shipped_at, OLD.delivered_at, OLD.cancelled_at) IS DISTINCT FROM (NEW.number, NEW.source, NEW.reference, NEW.source_version, NEW.mirrored, NEW.person_id, NEW.status, NEW.skipped, NEW.currency, NEW.total_minor, NEW.payment_reference, NEW.placed_at, NEW.paid_at, NEW.shipped_at, NEW.delivered_at, NEW.cancelled_at) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION orders_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'orders is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER orders_inserted AFTER INSERT ON orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders_inserted();

CREATE TRIGGER orders_updated AFTER UPDATE ON orders REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION orders_updated();

CREATE TRIGGER orders_versioned BEFORE UPDATE ON orders FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.number, OLD.source, OLD.reference, OLD.source_version, OLD.mirrored, OLD.person_id, OLD.status, OLD.skipped, OLD.currency, OLD.total_minor, OLD.payment_reference, OLD.placed_at, OLD.paid_at, OLD.shipped_at, OLD.delivered_at, OLD.cancelled_at) IS DISTINCT FROM (NEW.number, NEW.source, NEW.reference, NEW.source_version, NEW.mirrored, NEW.person_id, NEW.status, NEW.skipped, NEW.currency, NEW.total_minor, NEW.payment_reference, NEW.placed_at, NEW.paid_at, NEW.shipped_at, NEW.delivered_at, NEW.cancelled_at)) EXECUTE FUNCTION orders_versioned();

CREATE TRIGGER orders_kept BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_kept();

CREATE TRIGGER orders_whole BEFORE TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION orders_kept();

CREATE FUNCTION parcel_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
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
             'pickup_code', n.pickup_code),
           n.ring, n.changed_by, n.change_reason, n.changed_at
    FROM added n
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;
END $$;

CREATE FUNCTION parcel_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         ring, changed_by, change_reason, changed_at)
    SELECT uuid7(), 'parcel', n.id, n.version,
           CASE WHEN n.status <> o.status OR (o.order_id IS NULL AND n.order_id IS NOT NULL) THEN 'parcel.' || n.status WHEN n.expected_at IS DISTINCT FROM o.expected_at THEN 'parcel.rescheduled' ELSE 'parcel.updated' END,
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
             'pickup_code', o.pickup_code),
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
             'pickup_code', n.pickup_code),
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
  NEW.version := OLD.version + CASE WHEN (OLD.order_id, OLD.carrier, OLD.number, OLD.status, OLD.promised_at, OLD.expected_at, OLD.expected_source, OLD.last_scan_at, OLD.last_place, OLD.pickup_code) IS DISTINCT FROM (NEW.order_id, NEW.carrier, NEW.number, NEW.status, NEW.promised_at, NEW.expected_at, NEW.expected_source, NEW.last_scan_at, NEW.last_place, NEW.pickup_code) THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION parcel_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'parcel is tracked: its rows are never deleted';
END $$;

CREATE TRIGGER parcel_inserted AFTER INSERT ON parcel REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION parcel_inserted();

CREATE TRIGGER parcel_updated AFTER UPDATE ON parcel REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION parcel_updated();

CREATE TRIGGER parcel_versioned BEFORE UPDATE ON parcel FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR (OLD.order_id, OLD.carrier, OLD.number, OLD.status, OLD.promised_at, OLD.expected_at, OLD.expected_source, OLD.last_scan_at, OLD.last_place, OLD.pickup_code) IS DISTINCT FROM (NEW.order_id, NEW.carrier, NEW.number, NEW.status, NEW.promised_at, NEW.expected_at, NEW.expected_source, NEW.last_scan_at, NEW.last_place, NEW.pickup_code)) EXECUTE FUNCTION parcel_versioned();

CREATE TRIGGER parcel_kept BEFORE DELETE ON parcel FOR EACH ROW EXECUTE FUNCTION parcel_kept();

CREATE TRIGGER parcel_whole BEFORE TRUNCATE ON parcel FOR EACH STATEMENT EXECUTE FUNCTION parcel_kept();
