"""Reads one order with everything its page tells, in a fixed number of queries."""

from dataclasses import replace
from datetime import datetime

from app.people.recipient import nobody
from app.people.store import recipients
from app.story import store
from app.story.facts import Facts, pay_by
from app.story.store import Standing
from app.story.story import Story
from app.story.tell import tell
from orders_core.catalog import picture_store as pictures
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, show
from orders_core.orders import gift_store, line_store, refund
from orders_core.orders import store as orders
from orders_core.orders.address_change import address_of
from orders_core.orders.invoice_ask import invoice_of
from orders_core.parcels import store as parcels
from orders_core.returns import store as returns
from orders_core.shortage.offer import offers
from orders_core.tx import Tx


def story_of(tx: Tx, order_id: OrderId, *, now: datetime, locale: str, zone: str) -> Story:
    """Tell an order's story as its shopper hears it: nothing hidden.

    Args:
        zone: Whose clock times are told on: the person's own.

    Raises:
        NotFound: If there is no such order.
    """
    facts = facts_of(tx, order_id)
    return tell(facts, now=now, locale=locale, zone=zone)


def facts_of(tx: Tx, order_id: OrderId) -> Facts:
    """Read an order and all that belongs to it, in a number of queries that does not grow with it.

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
    facts = Facts(
        order=order,
        person=person,
        cancelled_because=standing.change_reason,
        pay_by=pay_by(order),
        parcels=sent_in,
        checkpoints={parcel_id: tuple(scans) for parcel_id, scans in said.items()},
        decided=tuple(store.decided(tx, order_id)),
        pictured=pictures.have(tx, {line.code for line in order.lines}),
        address=address_of(tx, [order_id]).get(order_id) if order.ship_to else None,
        invoice=invoice_of(tx, order_id) if order.invoice else None,
        is_muted=standing.is_muted,
        more_on=standing.more_on,
        gift=gift_store.of_orders(tx, [order_id]).get(order_id),
    )
    return facts if order.mirrored else _with_goods(tx, facts, standing)


def _with_goods(tx: Tx, facts: Facts, standing: Standing) -> Facts:
    """Add what is known of an order of ours alone: where its units are, and what is owed of it."""
    order_id = facts.order.id
    return replace(
        facts,
        lines=tuple(line_store.current(tx, order_id)),
        units=line_store.units_of(tx, [order_id]).get(order_id, {}),
        left=tuple(store.left(tx, order_id)),
        refunds=tuple(refund.of_order(tx, order_id)) if facts.order.refund_minor else (),
        shorts=tuple(offers(tx, order_id)) if standing.was_short else (),
        returns=tuple(returns.of_orders(tx, [order_id])) if standing.has_returns else (),
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
