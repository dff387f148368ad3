"""The gifts among orders: written with the order; names and words go when a person is erased."""

from collections.abc import Collection, Mapping, Sequence

import psycopg
from sqlalchemy import case, or_, select, update

from orders_core.ids import OrderId, PersonId
from orders_core.orders.gift import Gift
from orders_core.orders.tables import gift, orders
from orders_core.tx import Tx

WRITE = """
INSERT INTO gift (order_id, person_id, giver, words)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[])
"""


def write(driver: psycopg.Connection, given: Sequence[tuple[OrderId, Gift]]) -> None:
    """Write down which of the orders just placed are gifts; in the caller's pipeline."""
    if not given:
        return
    ids = [order_id for order_id, _ in given]
    gifts = [one for _, one in given]
    columns = [[one.person_id for one in gifts], [one.giver for one in gifts]]
    driver.execute(WRITE, [ids, *columns, [one.words for one in gifts]])


def erase(tx: Tx, person_id: PersonId) -> None:
    """Leave of gifts by and to a person only that there was one: no receiver, no name, no words."""
    bought = select(orders.c.id).where(orders.c.person_id == person_id)
    receiver = case((gift.c.person_id != person_id, gift.c.person_id))
    theirs = or_(gift.c.person_id == person_id, gift.c.order_id.in_(bought))
    tx.execute(update(gift).where(theirs).values(person_id=receiver, giver=None, words=None))


def of_orders(tx: Tx, order_ids: Collection[OrderId]) -> Mapping[OrderId, Gift]:
    """Return the gifts among some orders."""
    if not order_ids:
        return {}
    rows = tx.execute(select(gift).where(gift.c.order_id.in_(order_ids)))
    return {
        OrderId(row.order_id): Gift(
            person_id=PersonId(row.person_id) if row.person_id else None,
            giver=row.giver,
            words=row.words,
        )
        for row in rows
    }
