"""The gifts among orders: written with the order; names and words go when a person is erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import psycopg
from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

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


def put(tx: Tx, changed: Mapping[OrderId, Gift | None]) -> None:
    """Write what orders of ours or of another shop are given with now; None: given no longer."""
    over = [order_id for order_id, one in changed.items() if one is None]
    if over:
        tx.execute(delete(gift).where(gift.c.order_id.in_(over)))
    given = [{"order_id": order_id, **asdict(one)} for order_id, one in changed.items() if one]
    if given:
        said = insert(gift)
        now = {name: said.excluded[name] for name in ("person_id", "giver", "words")}
        tx.execute(said.on_conflict_do_update(index_elements=["order_id"], set_=now), given)


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
