-- What orders promise. Each query names what breaks the sentence above it.

-- reservations_have_owners (order): Every unit is claimed by an order of ours or a booking.
SELECT r.order_id FROM reservation r
WHERE /* step: r.order_id = ANY(:order) */ true
  AND NOT EXISTS (SELECT FROM orders o WHERE o.id = r.order_id AND NOT o.mirrored)
  AND NOT EXISTS (SELECT FROM booking b WHERE b.id = r.order_id);

-- reservations_follow_orders (order): Units wait while an order is open, are gone once shipped, free once cancelled.
SELECT o.id FROM orders o
CROSS JOIN LATERAL (
  SELECT coalesce(bool_or(r.state = 'confirmed'), false) AS gone,
         coalesce(bool_or(r.state IN ('held', 'short')), false) AS waiting
  FROM reservation r WHERE r.order_id = o.id) units
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored
  AND NOT CASE
    WHEN o.standing = 'cancelled' THEN NOT units.gone AND NOT units.waiting
    WHEN o.fulfilment = 'unfulfilled' THEN NOT units.gone
    WHEN o.fulfilment = 'partly_shipped' THEN units.gone AND units.waiting
    ELSE units.gone AND NOT units.waiting END;

-- reservations_equal_lines (order): Our own open orders claim exactly what their lines say.
SELECT both_sides.order_id FROM (
  SELECT l.order_id, l.sku_id, l.quantity AS units FROM order_line l
  WHERE /* step: l.order_id = ANY(:order) */ true AND l.until_version IS NULL
  UNION ALL
  SELECT r.order_id, r.sku_id, -r.quantity FROM reservation r
  WHERE /* step: r.order_id = ANY(:order) */ true AND r.state <> 'released') both_sides
JOIN orders o ON o.id = both_sides.order_id AND NOT o.mirrored AND o.standing = 'open'
GROUP BY both_sides.order_id, both_sides.sku_id
HAVING sum(both_sides.units) <> 0;

-- ended_reservations_have_times (order): A reservation that ended says when, one that waits does not.
SELECT r.order_id FROM reservation r
WHERE /* step: r.order_id = ANY(:order) */ true
  AND (r.state IN ('held', 'short')) <> (r.ended_at IS NULL);

-- lines_have_orders (order): No line without its order.
SELECT l.order_id FROM order_line l
WHERE /* step: l.order_id = ANY(:order) */ true
  AND NOT EXISTS (SELECT FROM orders o WHERE o.id = l.order_id);

-- orders_have_lines (order): No open order of ours without a line.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored AND o.standing = 'open'
  AND NOT EXISTS (
    SELECT FROM order_line l WHERE l.order_id = o.id AND l.until_version IS NULL);

-- lines_follow_versions (order): A line's versions are its order's, one after the other.
SELECT l.order_id FROM order_line l JOIN orders o ON o.id = l.order_id
WHERE /* step: l.order_id = ANY(:order) */ true
  AND /* step: o.id = ANY(:order) */ true
  AND (l.since_version > o.version OR l.until_version > o.version OR EXISTS (
    SELECT FROM order_line later
    WHERE later.order_id = l.order_id AND later.position = l.position
      AND later.since_version > l.since_version
      AND later.since_version < coalesce(l.until_version, later.since_version + 1)));

-- orders_know_their_lines (order): An order says of which version its lines are.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.lines_version <> (
    SELECT greatest(max(l.since_version), max(l.until_version)) FROM order_line l
    WHERE l.order_id = o.id);

-- totals_equal_lines (order): An open order of ours costs what its lines cost.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored AND o.standing = 'open'
  AND o.total_minor <> (
    SELECT coalesce(sum(l.quantity * l.unit_minor), 0) FROM order_line l
    WHERE l.order_id = o.id AND l.until_version IS NULL);

-- short_units_equal_reservations (order): An order is short by the sum of its short reservations.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.short_units <> (
    SELECT coalesce(sum(r.quantity), 0) FROM reservation r
    WHERE r.order_id = o.id AND r.state = 'short');

-- no_hold_outlives_its_limit (order): No unpaid order holds stock long after its time was up.
SELECT o.id FROM orders o
WHERE o.status = 'placed' AND NOT o.mirrored
  AND o.pay_until < nullif(current_setting('books.now', true), '')::timestamptz - interval '1 hour';

-- addresses_belong_to_orders (order): The address in force was given for this order.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.ship_to IS NOT NULL
  AND NOT EXISTS (SELECT FROM ship_to a WHERE a.id = o.ship_to AND a.order_id = o.id);

-- invoices_belong_to_orders (order): The invoice asked for was asked for this order.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.invoice IS NOT NULL
  AND NOT EXISTS (SELECT FROM invoice i WHERE i.id = o.invoice AND i.order_id = o.id);

-- units_left_in_their_parcels (order): Units left in a parcel of their own order.
SELECT r.order_id FROM reservation r
WHERE /* step: r.order_id = ANY(:order) */ true
  AND r.parcel_id IS NOT NULL
  AND (r.state <> 'confirmed' OR NOT EXISTS (
    SELECT FROM parcel p WHERE p.id = r.parcel_id AND p.order_id = r.order_id));

-- answers_have_orders (night): No answer that was kept promises an order that is not there.
SELECT i.scope || ' ' || i.key FROM idempotency i
WHERE i.answer ->> 'order_id' IS NOT NULL
  AND NOT EXISTS (SELECT FROM orders o WHERE o.id = (i.answer ->> 'order_id')::uuid);
