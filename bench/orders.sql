-- So many orders (:orders) in one statement, by hand, with every row that ours writes: at 1 what a
-- shop without batches does, at 64 the most that the same engine can do.
WITH wish AS MATERIALIZED (
  SELECT uuid7() AS id, nextval('order_number') AS number FROM generate_series(1, :orders)),
key AS (
  INSERT INTO idempotency (scope, key, fingerprint, answer)
  SELECT 'bench', id::text, '\x00', jsonb_build_object('outcome', 'placed', 'order_id', id,
         'number', number, 'total_minor', 1990, 'currency', 'CNY', 'placed_at', clock_timestamp())
  FROM wish ON CONFLICT DO NOTHING RETURNING key),
shelf AS MATERIALIZED (
  SELECT l.sku_id, l.warehouse, s.code, s.title_en, s.title_zh, s.price_minor, s.currency
  FROM level l JOIN sku s ON s.id = l.sku_id
  WHERE s.code = 'BENCH-HOT' AND l.warehouse = 'main'
    AND l.on_hand + l.oversell_limit - l.reserved >= :orders
  FOR UPDATE OF l),
line AS (
  INSERT INTO order_line (order_id, position, sku_id, code, title, title_zh, quantity,
                          unit_minor)
  SELECT wish.id, 1, sku_id, code, title_en, title_zh, 1, price_minor FROM wish, shelf),
held AS (
  INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity)
  SELECT uuid7(), wish.id, sku_id, warehouse, 1 FROM wish, shelf),
placed AS (
  INSERT INTO orders (id, number, source, person_id, status, currency, total_minor, placed_at,
                      changed_by, change_reason, changed_at, ring)
  SELECT wish.id, number, 'shop', '00000000-0000-7000-8000-000000000001', 'placed', currency,
         price_minor, clock_timestamp(), 'bench', 'bought', clock_timestamp(), 'never'
  FROM wish, shelf)
UPDATE level l SET reserved = l.reserved + :orders FROM shelf
WHERE l.sku_id = shelf.sku_id AND l.warehouse = shelf.warehouse;
