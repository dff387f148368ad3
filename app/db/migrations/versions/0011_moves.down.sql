-- The unpaid are found by when they were placed again.

DROP INDEX IF EXISTS ix_orders_pay_until;

CREATE INDEX ix_orders_unpaid ON orders (placed_at) WHERE status = 'placed' AND NOT mirrored;

ALTER TABLE orders DROP COLUMN lines_version;
