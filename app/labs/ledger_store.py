"""What a lab counts in the shop's own tables."""

from orders_core.ids import PersonId
from orders_core.tx import Tx

UNTOLD = """
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
         SELECT FROM message WHERE message.order_id = orders.id AND notice = 'order_placed'))
FROM orders WHERE person_id = %(buyer)s
"""


def untold(tx: Tx, buyer: PersonId) -> tuple[int, int]:
    """Return how many orders somebody placed, and of how many no message tells."""
    orders, lost = tx.exec_driver_sql(UNTOLD, {"buyer": buyer}).one()
    return orders, lost
