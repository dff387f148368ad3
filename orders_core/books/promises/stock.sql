-- What the shelves promise. Each query names what breaks the sentence above it.

-- stock_equals_movements (level): What is on hand is the sum of every movement.
SELECT l.id FROM level l
LEFT JOIN books_level carried ON carried.sku_id = l.sku_id AND carried.warehouse = l.warehouse
WHERE /* step: l.id = ANY(:level) */ true
  AND l.on_hand <> /* step: coalesce(carried.units, 0) */ 0 + (
    SELECT coalesce(sum(m.delta), 0) FROM movement m
    WHERE m.sku_id = l.sku_id AND m.warehouse = l.warehouse
      AND /* step: m.written_in >= coalesce(carried.below, 0) */ true);

-- movements_have_levels (movement): No movement without the level it explains.
SELECT m.id FROM movement m
WHERE /* step: m.id = ANY(:movement) */ true
  AND NOT EXISTS (SELECT FROM level l WHERE l.sku_id = m.sku_id AND l.warehouse = m.warehouse);

-- reserved_equals_reservations (level): What is reserved is held by reservations or stands in buckets.
SELECT l.id FROM level l
WHERE /* step: l.id = ANY(:level) */ true
  AND l.reserved <> (
    SELECT coalesce(sum(r.quantity), 0) FROM reservation r
    WHERE r.sku_id = l.sku_id AND r.warehouse = l.warehouse AND r.state = 'held') + (
    SELECT coalesce(sum(b.free), 0) FROM bucket b
    WHERE b.sku_id = l.sku_id AND b.warehouse = l.warehouse);

-- buckets_have_levels (bucket): No bucket without the level whose units it holds.
SELECT b.sku_id FROM bucket b
WHERE NOT EXISTS (SELECT FROM level l WHERE l.sku_id = b.sku_id AND l.warehouse = b.warehouse);

-- short_equals_reservations (level): What is short is the sum of the short reservations.
SELECT l.id FROM level l
WHERE /* step: l.id = ANY(:level) */ true
  AND l.short <> (
    SELECT coalesce(sum(r.quantity), 0) FROM reservation r
    WHERE r.sku_id = l.sku_id AND r.warehouse = l.warehouse AND r.state = 'short');

-- reservations_have_levels (order): No unit is claimed from a level that is not there.
SELECT r.order_id FROM reservation r
WHERE /* step: r.order_id = ANY(:order) */ true
  AND NOT EXISTS (SELECT FROM level l WHERE l.sku_id = r.sku_id AND l.warehouse = r.warehouse);

-- reservations_within_stock (level): No level promises more than it may.
SELECT l.id FROM level l
WHERE /* step: l.id = ANY(:level) */ true
  AND (l.reserved > l.on_hand + l.oversell_limit OR l.reserved < 0 OR l.short < 0);

-- levels_say_where_they_stand (level): A level is out, low or in by what is left to sell.
SELECT l.id FROM level l
WHERE /* step: l.id = ANY(:level) */ true
  AND l.standing <> CASE
    WHEN l.on_hand + l.oversell_limit - l.safety_stock - l.reserved - l.short <= 0 THEN 'out'
    WHEN l.on_hand + l.oversell_limit - l.safety_stock - l.reserved - l.short <= l.low_at THEN 'low'
    ELSE 'in' END;

-- bookings_hold_what_they_ask (booking): A booking holds what was asked for until it ends.
SELECT b.id FROM booking b
CROSS JOIN LATERAL (
  SELECT coalesce(sum(units), 0) AS missing, coalesce(bool_or(units < 0), false) AS is_over FROM (
    SELECT sum(units) AS units FROM (
      SELECT n.sku_id, n.warehouse, n.quantity AS units FROM booking_line n WHERE n.booking_id = b.id
      UNION ALL
      SELECT r.sku_id, r.warehouse, -r.quantity FROM reservation r
      WHERE r.order_id = b.id AND r.state <> 'released') both_sides
    GROUP BY sku_id, warehouse) levels) found
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE r.state = 'confirmed') AS gone,
         count(*) FILTER (WHERE r.state IN ('held', 'short')) AS waiting
  FROM reservation r WHERE r.order_id = b.id) units
WHERE /* step: b.id = ANY(:booking) */ true
  AND NOT CASE b.state
    WHEN 'held' THEN units.gone = 0 AND NOT found.is_over AND (found.missing = 0
      OR b.expires_at <= nullif(current_setting('books.now', true), '')::timestamptz)
    WHEN 'confirmed' THEN units.waiting = 0 AND found.missing = 0 AND NOT found.is_over
    ELSE units.gone = 0 AND units.waiting = 0 END;

-- no_booking_outlives_its_limit (booking): No booking holds stock long after its time was up.
SELECT b.id FROM booking b
WHERE b.state = 'held'
  AND b.expires_at < nullif(current_setting('books.now', true), '')::timestamptz - interval '1 hour';

-- transfers_have_movements (transfer): What was sent left one warehouse, and what arrived joined the other.
SELECT t.id FROM stock_transfer t
WHERE /* step: t.id = ANY(:transfer) */ true
  AND EXISTS (
    SELECT FROM (
      SELECT n.sku_id, t.from_warehouse AS warehouse, -n.sent AS units FROM stock_transfer_line n
      WHERE n.transfer_id = t.id
      UNION ALL
      SELECT n.sku_id, t.to_warehouse, n.arrived FROM stock_transfer_line n
      WHERE n.transfer_id = t.id AND t.state = 'arrived'
      UNION ALL
      SELECT m.sku_id, m.warehouse, -m.delta FROM movement m
      WHERE m.cause = 'transfer' AND m.cause_id = t.id) both_sides
    GROUP BY sku_id, warehouse HAVING sum(units) <> 0);

-- counts_have_movements (count): What a count found more or less was moved once, when it closed.
SELECT c.id FROM stock_count c
WHERE /* step: c.id = ANY(:count) */ true
  AND EXISTS (
    SELECT FROM (
      SELECT n.sku_id, n.counted - n.on_hand_then AS units FROM stock_count_line n
      WHERE n.count_id = c.id AND n.counted IS NOT NULL AND c.state = 'closed'
      UNION ALL
      SELECT m.sku_id, -m.delta FROM movement m
      WHERE m.cause = 'count' AND m.cause_id = c.id) both_sides
    GROUP BY sku_id HAVING sum(units) <> 0);

-- preorders_set_limits (level): While goods of a pre-order are awaited, it says what may be promised.
SELECT l.id FROM level l JOIN preorder p ON p.sku_id = l.sku_id AND p.warehouse = l.warehouse
WHERE /* step: l.id = ANY(:level) */ true
  AND p.units > p.arrived AND l.oversell_limit <> p.units - p.arrived;
