-- Orders of the last ninety days, as the product would have left them: shipped but for one in
-- twenty that is paid and waits, and one in twenty that was cancelled unpaid. In balance, and
-- written past the triggers, for ours would take the better part of an hour.
SET LOCAL session_replication_role = replica;

CREATE TEMP TABLE draft ON COMMIT DROP AS
SELECT number, at, pg_temp.id_at(at) AS id, pg_temp.id_at(at) AS reservation_id, s.id AS sku_id,
       s.code, s.title_en, s.title_zh, s.price_minor, 1 + number %% 3 AS quantity,
       (1 + number %% 3) * s.price_minor AS total_minor, gen_random_uuid()::text AS key,
       CASE number %% 20 WHEN 0 THEN 'paid' WHEN 1 THEN 'cancelled' ELSE 'shipped' END AS status
FROM (
  SELECT number, %(since)s::timestamptz
    + (number - 1) * ((%(until)s::timestamptz - %(since)s::timestamptz) / %(all)s::int) AS at
  FROM generate_series(%(first)s::int, %(last)s::int) AS n (number)) placed
JOIN (SELECT sku.*, row_number() OVER (ORDER BY code) - 1 AS place FROM sku) s
  ON s.place = number %% %(skus)s::int;

INSERT INTO order_line (order_id, position, sku_id, code, title, title_zh, quantity, unit_minor)
SELECT id, 1, sku_id, code, title_en, title_zh, quantity, price_minor FROM draft;

INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, state, held_at, ended_at)
SELECT reservation_id, id, sku_id, 'main', quantity,
       CASE status WHEN 'paid' THEN 'held' WHEN 'cancelled' THEN 'released' ELSE 'confirmed' END,
       at, CASE WHEN status <> 'paid' THEN at + interval '30 minutes' END FROM draft;

INSERT INTO movement (id, sku_id, warehouse, delta, cause, cause_id, moved_by, moved_at)
SELECT pg_temp.id_at(at), sku_id, 'main', -quantity, 'sale', reservation_id, 'clerk', at
FROM draft WHERE status = 'shipped';

INSERT INTO payment (id, order_id, part, amount_minor, currency, reference, came_at, taken_by)
SELECT pg_temp.id_at(at), id, 'whole', total_minor, 'CNY', 'pay-' || id, at, 'gateway'
FROM draft WHERE status <> 'cancelled';

INSERT INTO idempotency (scope, key, fingerprint, answer, created_at)
SELECT 'bench', key, 'one', jsonb_build_object('outcome', 'placed', 'order_id', id), at FROM draft;

INSERT INTO orders (id, number, source, person_id, status, standing, payment, fulfilment, currency,
                    total_minor, paid_minor, payment_reference, placed_at, paid_at, shipped_at,
                    cancelled_at, version, changed_by, change_reason, changed_at, ring)
SELECT id, nextval('order_number'), 'shop', gen_random_uuid(), status,
       CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'open' END,
       CASE status WHEN 'cancelled' THEN 'unpaid' ELSE 'paid' END,
       CASE status WHEN 'shipped' THEN 'shipped' ELSE 'unfulfilled' END, 'CNY', total_minor,
       CASE status WHEN 'cancelled' THEN 0 ELSE total_minor END,
       CASE WHEN status <> 'cancelled' THEN 'pay-' || id END, at,
       CASE WHEN status <> 'cancelled' THEN at END, CASE status WHEN 'shipped' THEN at END,
       CASE status WHEN 'cancelled' THEN at END,
       CASE status WHEN 'shipped' THEN 3 ELSE 2 END, 'shop', 'fill', at, 'never'
FROM draft;

WITH told AS (
  INSERT INTO history (id, entity, entity_id, version, type, old, new, ring, changed_by,
                       change_reason, changed_at, recorded_at)
  SELECT pg_temp.id_at(at + e.version * interval '1 second'), 'order', id, e.version,
         'order.' || e.status, e.before, jsonb_build_object('status', e.status), 'never', 'shop',
         'fill', at, at
  FROM draft CROSS JOIN LATERAL (VALUES
    (1, 'placed', NULL),
    (2, CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'paid' END, '{"status": "placed"}'),
    (3, 'shipped', '{"status": "paid"}')) AS v (version, status, words)
  CROSS JOIN LATERAL (SELECT v.version, v.status, v.words::jsonb AS before) e
  WHERE e.version < 3 OR draft.status = 'shipped'
  RETURNING id, entity_id, version, type)
INSERT INTO outbox (id, entity_id, version, type, state)
SELECT id, entity_id, version, type, 'done' FROM told;

UPDATE level l SET on_hand = l.on_hand - d.gone, reserved = l.reserved + d.held
FROM (SELECT sku_id, coalesce(sum(quantity) FILTER (WHERE status = 'shipped'), 0) AS gone,
             coalesce(sum(quantity) FILTER (WHERE status = 'paid'), 0) AS held
      FROM draft GROUP BY sku_id) d
WHERE l.sku_id = d.sku_id AND l.warehouse = 'main';
