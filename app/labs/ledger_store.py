"""What a lab lays out for the naive way, and what it counts in the shop's own tables."""

from app.labs.lab import Place
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


def fresh(place: Place, tables: str) -> None:
    """Lay out the naive way's own tables anew."""
    with place.plain() as connection:
        connection.execute("DROP SCHEMA IF EXISTS naive CASCADE")
        connection.execute(tables.encode())
