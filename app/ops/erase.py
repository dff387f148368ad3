"""Erase a person from every room in one transaction; their orders stay in the shop's books.

What is left: that a person with this id was erased, when and by whom; what they were told once; the
counts and verdicts that name nobody; and a no to an address, as a hash that only the address opens.
"""

from datetime import datetime

from app.campaigns import best_store
from app.desk import erase_store as desk
from app.hub import erase_store as hub
from app.inbox import erase_store as inbox
from app.messages import erase_store as messages
from app.messages import sealed_store
from app.people import erase_store as people
from app.people.erase_store import MARK, Erased
from app.people.keyed import keyed
from app.people.saying import By, Saying
from orders_core.errors import NotFound
from orders_core.events import Change, EventType, Ring
from orders_core.ids import PersonId, show
from orders_core.orders import gift_store
from orders_core.outbox.store import announce
from orders_core.tx import Tx

REFERENCE = "reference"


def erase(tx: Tx, person_id: PersonId, *, saying: Saying, secret: bytes) -> Erased:
    """Erase a person; whoever was erased before stays erased since then.

    Locks: the person, then their messages. `person.erased` tells programs of the shop.

    Raises:
        NotFound: If there never was such a person.
    """
    reference = people.hold(tx, person_id)
    if reference is None:
        return _before(tx, person_id)
    addresses = people.addresses_of(tx, person_id)
    refused = people.refused_channels(tx, person_id)
    sealed_store.seal(tx, addresses, refused, secret=secret, now=saying.at)
    rest(tx, person_id, now=saying.at)
    mark = mark_of(reference, secret) if reference else None
    people.erase(tx, person_id, mark=mark, saying=saying)
    by = saying.name or By.PERSON
    change = Change(by=by, why=saying.door, at=saying.at, ring=Ring.NEVER)
    announce(tx, EventType.PERSON_ERASED, person_id, change=change)
    return Erased(id=person_id, at=saying.at)


def rest(tx: Tx, person_id: PersonId, *, now: datetime) -> None:
    """Erase what the rooms above people hold; done again it finds what was under way meanwhile."""
    messages.erase(tx, person_id, now=now)
    inbox.erase(tx, person_id)
    hub.erase(tx, person_id)
    desk.erase(tx, person_id)
    best_store.erase(tx, person_id)
    gift_store.erase(tx, person_id)


def erased_before(tx: Tx, name: PersonId | str, *, secret: bytes) -> Erased | None:
    """Return who was erased, by our id or by the shop's own reference; None if nobody was."""
    mark = mark_of(name, secret) if isinstance(name, str) else ""
    return people.find_erased(tx, name, mark)


def mark_of(reference: str, secret: bytes) -> str:
    """Return what stands for the reference of somebody who was erased."""
    return f"{MARK}{keyed(secret, REFERENCE, reference).hex()}"


def _before(tx: Tx, person_id: PersonId) -> Erased:
    found = people.find_erased(tx, person_id, "")
    if found is None:
        raise NotFound("person", show("per", person_id))
    return found
