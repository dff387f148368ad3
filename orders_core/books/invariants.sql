-- Each query counts what breaks the sentence above it: 0 is in balance.

-- stock_equals_movements: What is on hand is the sum of every movement.
SELECT count(*) FROM (
  SELECT sku_id, warehouse, sum(units) AS units FROM (
    SELECT sku_id, warehouse, on_hand AS units FROM level
    UNION ALL SELECT sku_id, warehouse, -delta FROM movement) both_sides
  GROUP BY sku_id, warehouse) sums
WHERE units <> 0;

-- reserved_equals_reservations: What is reserved is the sum of the held reservations.
SELECT count(*) FROM (
  SELECT sku_id, warehouse, sum(units) AS units FROM (
    SELECT sku_id, warehouse, reserved AS units FROM level
    UNION ALL SELECT sku_id, warehouse, -quantity FROM reservation WHERE state = 'held') both_sides
  GROUP BY sku_id, warehouse) sums
WHERE units <> 0;

-- reservations_within_stock: No level promises more than it may.
SELECT count(*) FROM level WHERE reserved > on_hand + oversell_limit OR reserved < 0;

-- reservations_follow_orders: Stock is held while an order is open, gone once shipped, free once cancelled.
SELECT count(*) FROM reservation r LEFT JOIN orders o ON o.id = r.order_id
WHERE o.id IS NULL OR o.mirrored OR r.state <> CASE
  WHEN o.status IN ('placed', 'paid') THEN 'held'
  WHEN o.status = 'cancelled' THEN 'released'
  ELSE 'confirmed' END;

-- reservations_equal_lines: Our own orders claim exactly what their lines say.
SELECT count(*) FROM (
  SELECT order_id, sku_id, sum(units) AS units FROM (
    SELECT l.order_id, l.sku_id, l.quantity AS units FROM order_line l
      JOIN orders o ON o.id = l.order_id WHERE NOT o.mirrored
    UNION ALL SELECT order_id, sku_id, -quantity FROM reservation) both_sides
  GROUP BY order_id, sku_id) sums
WHERE units <> 0;

-- lines_have_orders: No line without its order, no order of ours without a line.
SELECT (SELECT count(*) FROM order_line l
        WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = l.order_id))
     + (SELECT count(*) FROM orders o
        WHERE NOT o.mirrored AND NOT EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id));

-- totals_equal_lines: An order of ours costs what its lines cost.
SELECT count(*) FROM orders o
WHERE NOT o.mirrored AND total_minor <>
  (SELECT coalesce(sum(quantity * unit_minor), 0) FROM order_line l WHERE l.order_id = o.id);

-- every_change_has_history: An entity's version is the number of its history rows, without gaps.
SELECT count(*) FROM (
  SELECT id, version FROM orders UNION ALL SELECT id, version FROM parcel) entities
LEFT JOIN (
  SELECT entity_id, count(*) AS rows, max(version) AS latest FROM history GROUP BY entity_id) told
  ON told.entity_id = entities.id
WHERE entities.version IS DISTINCT FROM told.rows OR entities.version IS DISTINCT FROM told.latest;

-- every_change_has_one_event: History and outbox agree row for row.
SELECT count(*) FROM history h FULL JOIN outbox o ON o.id = h.id
WHERE h.id IS NULL OR o.id IS NULL OR h.type <> o.type OR h.version <> o.version;

-- every_move_has_one_event: Each state an order went through has exactly one event.
SELECT count(*) FROM (
  SELECT o.id, s.status, count(h.id) AS events
  FROM orders o
  CROSS JOIN LATERAL (VALUES ('paid', o.paid_at), ('shipped', o.shipped_at),
    ('delivered', o.delivered_at), ('cancelled', o.cancelled_at)) AS s (status, at)
  LEFT JOIN history h ON h.entity_id = o.id AND h.type = 'order.' || s.status
  WHERE s.at IS NOT NULL AND NOT o.mirrored
  GROUP BY o.id, s.status) moves
WHERE events <> 1;

-- partitions_made_ahead: Nothing fell into a default partition.
SELECT (SELECT count(*) FROM history_default) + (SELECT count(*) FROM outbox_default)
     + (SELECT count(*) FROM verdict_default) + (SELECT count(*) FROM message_default);
