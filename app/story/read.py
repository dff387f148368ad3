"""Reads one order with everything its page tells, in a fixed number of queries."""

from datetime import datetime

from app.people.recipient import nobody
from app.people.store import recipients
from app.story import store
from app.story.facts import Facts, pay_by
from app.story.story import Story
from app.story.tell import tell
from orders_core.catalog import picture_store as pictures
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, show
from orders_core.orders import store as orders
from orders_core.parcels import store as parcels
from orders_core.tx import Tx


def story_of(
    tx: Tx, order_id: OrderId, *, now: datetime, locale: str, zone: str, unpaid_minutes: int = 0
) -> Story:
    """Tell an order's story as its shopper hears it: nothing hidden.

    Args:
        zone: Whose clock times are told on: the person's own.
        unpaid_minutes: How long an order may stay unpaid; 0 says nothing of an end.

    Raises:
        NotFound: If there is no such order.
    """
    facts = facts_of(tx, order_id, unpaid_minutes=unpaid_minutes)
    return tell(facts, now=now, locale=locale, zone=zone)


def facts_of(tx: Tx, order_id: OrderId, *, unpaid_minutes: int) -> Facts:
    """Read an order and all that belongs to it, in eight queries however much that is.

    Raises:
        NotFound: If there is no such order.
    """
    standing = store.standing(tx, order_id)
    order = orders.many(tx, [order_id]).get(order_id)
    if order is None or standing is None:
        raise NotFound("order", show("ord", order_id))
    sent_in = tuple(parcels.of_orders(tx, [order_id]).get(order_id, ()))
    said = parcels.checkpoints_of(tx, [parcel.id for parcel in sent_in])
    person = recipients(tx, [order.person_id]).get(order.person_id) or nobody(order.person_id)
    return Facts(
        order=order,
        person=person,
        cancelled_because=standing.change_reason,
        pay_by=pay_by(order, minutes=unpaid_minutes),
        parcels=sent_in,
        checkpoints={parcel_id: tuple(scans) for parcel_id, scans in said.items()},
        decided=tuple(store.decided(tx, order_id)),
        pictured=pictures.have(tx, {line.code for line in order.lines}),
        is_muted=standing.is_muted,
    )


def person_of(tx: Tx, order_id: OrderId) -> PersonId:
    """Return whose order it is.

    Raises:
        NotFound: If there is no such order.
    """
    found = store.person_of(tx, order_id)
    if found is None:
        raise NotFound("order", show("ord", order_id))
    return found
