-- What is promised about money. Each query names what breaks the sentence above it.

-- payment_says_what_was_paid (order): The word for the payment fits the amounts.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored
  AND NOT CASE o.payment
    WHEN 'unpaid' THEN o.paid_minor = 0
    WHEN 'deposit_paid' THEN o.paid_minor > 0 AND o.paid_minor < o.total_minor
    WHEN 'paid' THEN o.paid_minor >= o.total_minor
    ELSE o.paid_minor > 0 AND o.refund_minor = o.paid_minor END;

-- payments_equal_orders (order): What came in for an order is the sum of its payments.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored
  AND o.paid_minor <> (
    SELECT coalesce(sum(p.amount_minor), 0) FROM payment p
    WHERE p.order_id = o.id AND p.currency = o.currency);

-- payments_have_orders (order): No money came in for an order that is not there.
SELECT p.order_id FROM payment p
WHERE /* step: p.order_id = ANY(:order) */ true
  AND NOT EXISTS (SELECT FROM orders o WHERE o.id = p.order_id AND o.currency = p.currency);

-- cancelled_orders_keep_no_money (order): What was paid for a cancelled order is asked back, all of it.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND NOT o.mirrored AND o.standing = 'cancelled' AND o.refund_minor <> o.paid_minor;

-- refunds_equal_orders (order): What an order pays back is the sum of its refunds.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.refund_minor <> (
    SELECT coalesce(sum(f.amount_minor), 0) FROM refund f WHERE f.order_id = o.id);

-- refunds_within_payment (order): Nobody gets back more than came in.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND (o.refund_minor > o.paid_minor OR o.refund_minor < 0);

-- refunds_have_orders (order): Every refund is of an order, in the money it was paid in.
SELECT f.order_id FROM refund f
WHERE /* step: f.order_id = ANY(:order) */ true
  AND NOT EXISTS (SELECT FROM orders o WHERE o.id = f.order_id AND o.currency = f.currency);

-- refunds_due_are_asked (order): Money that is due has a refund that waits, money that went back has none.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.payment IN ('refund_due', 'refunded')
  AND NOT o.mirrored
  AND (o.payment = 'refund_due') <> EXISTS (
    SELECT FROM refund f WHERE f.order_id = o.id AND f.status = 'asked');

-- deposits_within_totals (order): A deposit is a part of the price.
SELECT o.id FROM orders o
WHERE /* step: o.id = ANY(:order) */ true
  AND o.standing = 'open' AND (o.deposit_minor <= 0 OR o.deposit_minor > o.total_minor);
