"""One search box: whatever an operator has in hand leads to a person or an order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.ops import store
from orders_core.errors import BadId
from orders_core.ids import read, show
from orders_core.tx import Tx

SHORTEST_TAIL = 4
LONGEST = 200
PLACES = {"order": ("orders", "ord"), "person": ("people", "per"), "message": ("messages", "msg")}


@dataclass(frozen=True)
class Hit:
    """Something found: its kind (`order`, `person` or `message`), its id, and what to call it."""

    kind: str
    id: UUID
    name: str

    @property
    def path(self) -> str:
        """Where it is shown."""
        folder, prefix = PLACES[self.kind]
        return f"/ops/{folder}/{show(prefix, self.id)}"


def search(tx: Tx, text: str) -> Sequence[Hit]:
    """Find by order or parcel number, foreign reference, phone tail, e-mail or an id of ours."""
    wanted = text.strip()[:LONGEST]
    if not wanted:
        return []
    known = _by_id(tx, wanted)
    if known is not None:
        return known
    found = [*_orders(tx, wanted), *_people(tx, wanted)]
    return list({(hit.kind, hit.id): hit for hit in found}.values())


def _by_id(tx: Tx, text: str) -> Sequence[Hit] | None:
    """Look an id up; None if the text is not an id at all."""
    readers: dict[str, Callable[[Tx, UUID], Iterator[Hit]]] = {
        "ord": _order_by_id,
        "per": _person_by_id,
        "msg": _message_by_id,
    }
    for prefix, look_up in readers.items():
        try:
            return list(look_up(tx, read(prefix, text)))
        except BadId:
            continue
    return None


def _order_by_id(tx: Tx, order_id: UUID) -> Iterator[Hit]:
    if row := store.order(tx, order_id):
        yield Hit("order", row.id, str(row.number))


def _person_by_id(tx: Tx, person_id: UUID) -> Iterator[Hit]:
    if row := store.one_person(tx, person_id):
        yield Hit("person", row.id, row.name or row.reference or "")


def _message_by_id(tx: Tx, message_id: UUID) -> Iterator[Hit]:
    if row := store.one_message(tx, message_id):
        yield Hit("message", row.id, row.notice)


def _orders(tx: Tx, text: str) -> Iterator[Hit]:
    for row in [*store.orders_named(tx, text), *store.orders_in_parcel(tx, text)]:
        yield Hit("order", row.id, str(row.number))


def _people(tx: Tx, text: str) -> Iterator[Hit]:
    rows = [*store.people_named(tx, text), *store.people_at(tx, text)]
    if "@" in text:
        rows += store.people_at(tx, text.lower())
    digits = "".join(mark for mark in text if mark.isdigit())
    is_phone = len(digits) >= SHORTEST_TAIL and not text.strip("+0123456789 -()")
    if is_phone:
        rows += store.people_by_phone_tail(tx, digits)
    for row in rows:
        yield Hit("person", row.id, row.name or row.reference or "")
