"""A person asks about an order; the answer rests on their own orders and on nothing else."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.desk import store
from app.desk.answer import answer, never, personal
from app.desk.intent import Abstain, Why
from app.desk.may_answer import MAY
from app.desk.reading import MOST_CHARACTERS, Reading, normal
from app.desk.reference import Mentioned, mentioned
from app.desk.said import Answer, Story
from app.people.person import Person
from app.rules import rule
from app.story.offers import TABLE, offers
from app.story.read import facts_of
from ml.answers.intents import Intent
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.outbox.reading import newest_of
from orders_core.parcels import store as parcels
from orders_core.tx import Tx


def ask(
    tx: Tx,
    person: Person,
    reading: Reading | Abstain,
    *,
    now: datetime,
    only: OrderId | None = None,
) -> Answer | Abstain:
    """Answer what a person asks from the order it names, else from their latest, or abstain.

    An order that is not theirs is answered exactly like one that does not exist; so is every other
    than `only`, where a link opens one order and no more.
    """
    if isinstance(reading, Abstain):
        return reading
    if MAY[reading.intent].is_never:
        return never(reading)
    if not MAY[reading.intent].needs_order:
        return personal(reading, zone=person.zone, now=now)
    about = _order(tx, person, reading.mentioned, only)
    if isinstance(about, Why):
        return Abstain(about, reading.language)
    return _answered(tx, person, reading, about, now=now)


def _answered(
    tx: Tx, person: Person, reading: Reading, about: OrderId, *, now: datetime
) -> Answer | Abstain:
    story = story_of(tx, about, reading.intent, now=now)
    said = answer(reading, story, zone=person.zone, now=now)
    if isinstance(said, Abstain):
        return said
    return replace(said, events=tuple(newest_of(tx, _rests_on(said, story))))


def order_of(tx: Tx, person: Person, text: str, *, only: OrderId | None = None) -> OrderId | None:
    """Return the order a text is about, answered or not: the one it names, else the latest."""
    about = _order(tx, person, mentioned(normal(text[:MOST_CHARACTERS])), only)
    return only if isinstance(about, Why) else about


def story_of(tx: Tx, order_id: OrderId, intent: Intent, *, now: datetime) -> Story:
    """Return an order as it stands, with as much around it as answers to an intent may use."""
    if not MAY[intent].reads_all:
        return Story(
            order=orders.many(tx, [order_id])[order_id],
            parcels=tuple(parcels.of_orders(tx, [order_id]).get(order_id, ())),
        )
    facts = facts_of(tx, order_id)
    return Story(
        order=facts.order,
        parcels=facts.parcels,
        refunds=facts.refunds,
        returns=facts.returns,
        offers=offers(rule.live(tx, TABLE, now=now).judge, facts, now=now),
    )


def _rests_on(said: Answer, story: Story) -> list[UUID]:
    """Return what the facts of an answer are facts of."""
    things: dict[str, list[UUID]] = {
        "order": [story.order.id],
        "parcel": [one.id for one in story.parcels],
        "refund": [one.id for one in story.refunds],
        "return": [one.id for one in story.returns],
        "page": [story.order.id],
    }
    kinds = dict.fromkeys(one.kind for one in said.said)
    return list(dict.fromkeys(thing for kind in kinds for thing in things[kind]))


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
