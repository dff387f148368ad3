"""A person asks about an order; the answer rests on their own orders and on nothing else."""

from datetime import datetime

from app.desk import store
from app.desk.answer import Answer, Story, answer
from app.desk.intent import Abstain, Why
from app.desk.reading import Reading, read
from app.people.person import Person
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.parcels import store as parcels
from orders_core.tx import Tx


def ask(tx: Tx, person: Person, text: str, *, now: datetime) -> Answer | Abstain:
    """Answer a person's question from the order it names, else from their latest, or abstain.

    An order that is not theirs is answered exactly like one that does not exist.
    """
    reading = read(text, fallback=person.locale)
    if isinstance(reading, Abstain):
        return reading
    about = _order(tx, person, reading)
    if isinstance(about, Why):
        return Abstain(about, reading.language)
    story = Story(
        order=orders.many(tx, [about])[about],
        parcels=tuple(parcels.of_orders(tx, [about]).get(about, ())),
    )
    return answer(reading, story, zone=person.zone, now=now)


def _order(tx: Tx, person: Person, reading: Reading) -> OrderId | Why:
    tokens = (*reading.mentioned.sure, *reading.mentioned.perhaps)
    found = store.named(tx, person.id, tokens)
    if len(found) > 1:
        return Why.SEVERAL_ORDERS
    if found:
        return found[0]
    if reading.mentioned.sure:
        return Why.ORDER_NOT_FOUND
    return store.latest(tx, person.id) or Why.NO_ORDER
