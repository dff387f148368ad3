-- What is promised where goods are missing or come back. Each query names what breaks the sentence above it.

-- shortages_equal_short_reservations (order): Every short unit is owed by a shortage that is open.
SELECT order_id FROM (
  SELECT s.order_id, s.sku_id, s.warehouse, s.quantity AS units FROM shortage s
  WHERE /* step: s.order_id = ANY(:order) */ true AND s.state IN ('open', 'waiting')
  UNION ALL
  SELECT r.order_id, r.sku_id, r.warehouse, -r.quantity FROM reservation r
  WHERE /* step: r.order_id = ANY(:order) */ true AND r.state = 'short') both_sides
GROUP BY order_id, sku_id, warehouse
HAVING sum(units) <> 0;

-- returns_within_what_left (order): No more comes back than left.
SELECT order_id FROM (
  SELECT r.order_id, l.sku_id,
         CASE WHEN r.received_at IS NULL THEN l.quantity ELSE l.restocked + l.scrapped END AS units
  FROM order_return r JOIN return_line l ON l.return_id = r.id
  WHERE /* step: r.order_id = ANY(:order) */ true AND r.state <> 'rejected'
  UNION ALL
  SELECT r.order_id, r.sku_id, -r.quantity FROM reservation r
  WHERE /* step: r.order_id = ANY(:order) */ true AND r.state = 'confirmed') both_sides
GROUP BY order_id, sku_id
HAVING sum(units) > 0;

-- returned_goods_have_movements (order): What came back went into stock, and what was scrapped out of it.
SELECT r.order_id FROM order_return r
CROSS JOIN LATERAL (
  SELECT coalesce(sum(l.restocked), 0) AS restocked, coalesce(sum(l.scrapped), 0) AS scrapped
  FROM return_line l WHERE l.return_id = r.id) came
CROSS JOIN LATERAL (
  SELECT coalesce(sum(m.delta) FILTER (WHERE m.cause = 'return'), 0) AS arrived,
         coalesce(sum(m.delta) FILTER (WHERE m.cause = 'scrap'), 0) AS scrapped
  FROM movement m WHERE m.cause IN ('return', 'scrap') AND m.cause_id = r.id) moved
WHERE /* step: r.order_id = ANY(:order) */ true
  AND (came.restocked + came.scrapped <> moved.arrived OR came.scrapped <> -moved.scrapped);

-- returns_equal_refunds (order): What a return is worth was asked back, once.
SELECT r.order_id FROM order_return r
WHERE /* step: r.order_id = ANY(:order) */ true
  AND coalesce(r.amount_minor, 0) <> (
    SELECT coalesce(sum(f.amount_minor), 0) FROM refund f
    WHERE f.cause = 'returned' AND f.cause_id = r.id);

-- returned_orders_came_back (order): An order is returned when all that left came back.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored AND o.fulfilment = 'returned'
  AND (SELECT coalesce(sum(v.quantity), 0) FROM reservation v
       WHERE v.order_id = o.id AND v.state = 'confirmed') <> (
    SELECT coalesce(sum(l.restocked + l.scrapped), 0)
    FROM order_return r JOIN return_line l ON l.return_id = r.id WHERE r.order_id = o.id);
