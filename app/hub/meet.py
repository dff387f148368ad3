"""Read the people who are to be told, as a decision needs to know them."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from app.hub import store
from app.people.recipient import Recipient, nobody
from app.people.store import recipients
from orders_core.ids import PersonId
from orders_core.tx import Tx


def meet(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Recipient]:
    """Read everybody, with the addresses that are dead; whoever is not known is nobody."""
    known = recipients(tx, people)
    dead = store.dead_addresses(tx, known)
    met = {who: nobody(who) for who in people} | dict(known)
    return {who: replace(person, dead=dead) for who, person in met.items()} if dead else met
