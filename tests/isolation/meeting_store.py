"""What stands when a meeting is over, without what differs from play to play."""

from string import Template

from sqlalchemy import text

from orders_core.tx import Tx

#: Each begins with the name of what it shows.
PARTS = """
SELECT 'order', status, payment, fulfilment, total_minor, paid_minor, refund_minor, short_units,
       version FROM orders WHERE id IN $orders;
SELECT 'line', position, quantity, since_version, until_version FROM order_line
WHERE code LIKE :code;
SELECT 'level', warehouse, on_hand, reserved, short, standing FROM level WHERE sku_id IN $skus;
SELECT 'units', state, sum(quantity)::int FROM reservation WHERE sku_id IN $skus GROUP BY state;
SELECT 'movement', cause, delta FROM movement WHERE sku_id IN $skus;
SELECT 'refund', cause, amount_minor FROM refund WHERE order_id IN $orders;
SELECT 'shortage', state, quantity FROM shortage WHERE order_id IN $orders;
SELECT 'return', state FROM order_return WHERE order_id IN $orders;
SELECT 'booking', b.state FROM booking b JOIN booking_line l ON l.booking_id = b.id
WHERE l.sku_id IN $skus;
SELECT 'bucket', sum(free)::int FROM bucket WHERE sku_id IN $skus GROUP BY sku_id;
SELECT 'event', type, count(*)::int FROM history WHERE entity_id IN $orders GROUP BY type
"""
QUERIES = (
    Template(PARTS)
    .substitute(
        orders="(SELECT order_id FROM order_line WHERE code LIKE :code)",
        skus="(SELECT id FROM sku WHERE code LIKE :code)",
    )
    .split(";")
)

Standing = tuple[str, ...]


def standing(tx: Tx, code: str) -> Standing:
    """Return what stands on the goods of a code and of those that begin with it."""
    rows = [
        str(tuple(row))
        for query in QUERIES
        for row in tx.execute(text(query), {"code": f"{code}%"})
    ]
    return tuple(sorted(rows))
