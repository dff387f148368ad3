-- Payments one by one, the time an order must be paid by, the version its lines are of.

ALTER TABLE orders ADD COLUMN lines_version INTEGER DEFAULT 1 NOT NULL;

-- Until here every unpaid order of ours had half an hour; no trigger tracks this column yet.
UPDATE orders SET pay_until = placed_at + interval '30 minutes'
WHERE status = 'placed' AND NOT mirrored AND pay_until IS NULL;

UPDATE reservation r SET expires_at = o.pay_until
FROM orders o WHERE o.id = r.order_id AND r.state = 'held' AND o.status = 'placed';

DROP INDEX ix_orders_unpaid;

CREATE INDEX ix_orders_pay_until ON orders (pay_until)
WHERE status = 'placed' AND NOT mirrored AND pay_until IS NOT NULL;

CREATE TABLE payment (
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  part TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  reference TEXT NOT NULL,
  came_at TIMESTAMP WITH TIME ZONE NOT NULL,
  taken_by TEXT NOT NULL,
  CONSTRAINT pk_payment PRIMARY KEY (id),
  CONSTRAINT uq_payment_reference UNIQUE (reference),
  CONSTRAINT ck_payment_part_known CHECK (part IN ('whole', 'deposit', 'balance', 'late')),
  CONSTRAINT ck_payment_amount_not_negative CHECK (amount_minor >= 0)
);

CREATE INDEX ix_payment_order_id ON payment (order_id);

INSERT INTO payment (id, order_id, part, amount_minor, currency, reference, came_at, taken_by)
SELECT uuid7(), id, 'whole', paid_minor, currency, payment_reference, paid_at, 'gateway'
FROM orders WHERE NOT mirrored AND payment_reference IS NOT NULL AND paid_at IS NOT NULL;
