"""Finding which of a person's own orders a question is about. Nobody else's is ever looked at."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import desc, func, or_, select

from orders_core.errors import BadId
from orders_core.ids import OrderId, PersonId, read
from orders_core.orders.tables import orders
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx

MOST_NUMBER = 2**63 - 1


def named(tx: Tx, person_id: PersonId, tokens: Sequence[str]) -> list[OrderId]:
    """Find a person's orders by our number or id, their own shop's number, or a parcel's number.

    Letters count in either case. Somebody else's order is not found, like one that is not there.
    """
    if not tokens:
        return []
    sent_in = select(parcel.c.order_id).where(
        func.lower(parcel.c.number).in_(tokens), parcel.c.order_id == orders.c.id
    )
    found = tx.scalars(
        select(orders.c.id)
        .where(
            orders.c.person_id == person_id,
            or_(
                orders.c.number.in_(_numbers(tokens)),
                orders.c.id.in_(_ids(tokens)),
                func.lower(orders.c.reference).in_(tokens),
                sent_in.exists(),
            ),
        )
        .order_by(desc(orders.c.placed_at))
        .limit(len(tokens) + 1)
    )
    return [OrderId(order_id) for order_id in found]


def latest(tx: Tx, person_id: PersonId) -> OrderId | None:
    """Return the order that a person placed last, if they have any."""
    found = tx.scalar(
        select(orders.c.id)
        .where(orders.c.person_id == person_id)
        .order_by(desc(orders.c.placed_at), desc(orders.c.id))
        .limit(1)
    )
    return OrderId(found) if found else None


def _numbers(tokens: Sequence[str]) -> list[int]:
    return [int(token) for token in tokens if token.isdigit() and int(token) <= MOST_NUMBER]


def _ids(tokens: Sequence[str]) -> list[UUID]:
    ids = []
    for token in tokens:
        try:
            ids.append(read("ord", token))
        except BadId:
            continue
    return ids
