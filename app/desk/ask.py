"""A person asks about an order; the answer rests on their own orders and on nothing else."""

from datetime import datetime

from app.desk import store
from app.desk.answer import Answer, Story, answer
from app.desk.intent import Abstain, Why
from app.desk.reading import MOST_CHARACTERS, normal, read
from app.desk.reference import Mentioned, mentioned
from app.people.person import Person
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.parcels import store as parcels
from orders_core.tx import Tx


def ask(
    tx: Tx, person: Person, text: str, *, now: datetime, only: OrderId | None = None
) -> Answer | Abstain:
    """Answer a person's question from the order it names, else from their latest, or abstain.

    An order that is not theirs is answered exactly like one that does not exist; so is every other
    than `only`, where a link opens one order and no more.
    """
    reading = read(text, fallback=person.locale)
    if isinstance(reading, Abstain):
        return reading
    about = _order(tx, person, reading.mentioned, only)
    if isinstance(about, Why):
        return Abstain(about, reading.language)
    return answer(reading, story_of(tx, about), zone=person.zone, now=now)


def order_of(tx: Tx, person: Person, text: str, *, only: OrderId | None = None) -> OrderId | None:
    """Return the order a text is about, answered or not: the one it names, else the latest."""
    about = _order(tx, person, mentioned(normal(text[:MOST_CHARACTERS])), only)
    return only if isinstance(about, Why) else about


def story_of(tx: Tx, order_id: OrderId) -> Story:
    """Return an order as it stands, with its parcels."""
    return Story(
        order=orders.many(tx, [order_id])[order_id],
        parcels=tuple(parcels.of_orders(tx, [order_id]).get(order_id, ())),
    )


def _order(tx: Tx, person: Person, named: Mentioned, only: OrderId | None) -> OrderId | Why:
    found = store.named(tx, person.id, (*named.sure, *named.perhaps))
    if only is not None and found not in ([], [only]):
        return Why.ORDER_NOT_FOUND
    if len(found) > 1:
        return Why.SEVERAL_ORDERS
    if found:
        return found[0]
    if named.sure:
        return Why.ORDER_NOT_FOUND
    return only or store.latest(tx, person.id) or Why.NO_ORDER
