"""Bookings: units promised until a time, without an order.

Exact whenever anybody looks: from its time on a booking's units count as free, for readers and for
the next booking, whether the sweeper has come or not.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, new_id, show
from orders_core.stock import booking_store as store
from orders_core.stock import room, settle, shelf_store
from orders_core.stock.booking_store import Row
from orders_core.stock.room import NotEnough
from orders_core.stock.settle import Ending
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx

SWEEPER = "shop"


class State(StrEnum):
    """How a booking stands."""

    HELD = "held"  #: its units are promised until its time
    CONFIRMED = "confirmed"  #: its units left
    RELEASED = "released"  #: let go by whoever held it
    EXPIRED = "expired"  #: its time was over


@dataclass(frozen=True, slots=True)
class Wish:
    """So many units of a SKU, named by its canonical code, out of one warehouse."""

    code: str
    quantity: int
    warehouse: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Units promised until a time; all times are business time."""

    id: UUID
    reference: str | None
    person_id: UUID | None
    state: State
    wishes: tuple[Wish, ...]
    booked_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class BookingError(CoreError):
    """A booking does not take what was asked of it."""


class BookingEnded(BookingError):
    """The booking was confirmed or released before, and that stays."""

    def __init__(self, booking_id: UUID, state: State) -> None:
        self.booking_id, self.state = booking_id, state
        super().__init__(f"{show('res', booking_id)} is {state}")


class BookingLost(BookingError):
    """The booking's time was over, or its goods were not there, and others have them now."""

    def __init__(self, booking_id: UUID, short: NotEnough) -> None:
        self.booking_id, self.facts = booking_id, short.facts
        super().__init__(f"{show('res', booking_id)} no longer holds its units: {short}")


class BadTerm(BookingError):
    """A booking ends after it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """Whom a booking is for: a reference of the caller's, and a person, where there is one."""

    reference: str | None = None
    person_id: UUID | None = None


NOBODY = For()


def book(
    tx: Tx, wishes: Sequence[Wish], *, until: datetime, change: Change, whose: For = NOBODY
) -> Booking:
    """Promise units until a business time: everything wished for, or nothing.

    Wishes for the same SKU and warehouse count together.

    Raises:
        BadTerm: If `until` is not after `change.at`.
        NotFound: If the shop has no such SKU.
        NotEnough: If a level has fewer units.
    """
    _check_term(until, change.at)
    units, names = _keys(tx, wishes)
    room.claim(tx, units, names=names, change=change)
    row = Row(
        id=new_id(),
        reference=whose.reference,
        person_id=whose.person_id,
        state=State.HELD,
        expires_at=until,
        booked_at=change.at,
        ended_at=None,
        booked_by=change.by,
        ended_by=None,
    )
    store.write(tx, row, units)
    return _shown(tx, row, now=change.at)


def read(tx: Tx, booking_id: UUID, *, now: datetime) -> Booking:
    """Read a booking as it stands at a business time.

    Raises:
        NotFound: If there is none of this id.
    """
    row = store.read(tx, booking_id)
    if row is None:
        raise NotFound("reservation", show("res", booking_id))
    return _shown(tx, row, now=now)


def confirm(tx: Tx, booking_id: UUID, *, change: Change) -> Booking:
    """Let the units leave, as a sale; confirming twice is confirming once.

    Past its time a booking is confirmed only if its units are still free.

    Raises:
        BookingEnded: If it was released.
        BookingLost: If its units have gone to others since.
    """
    row = _lock(tx, booking_id)
    if row.state != State.CONFIRMED:
        _refuse(row, State.RELEASED)
        _hold_again(tx, row, until=change.at, change=change)
        settle.end(tx, [store.as_order(row.id)], Ending.CONFIRMED, change=change)
        store.end(tx, row.id, State.CONFIRMED, at=change.at, by=change.by)
    return read(tx, row.id, now=change.at)


def release(tx: Tx, booking_id: UUID, *, change: Change) -> Booking:
    """Let go of the units; releasing what was released, or ran out, changes nothing.

    Raises:
        BookingEnded: If it was confirmed.
    """
    row = _lock(tx, booking_id)
    _refuse(row, State.CONFIRMED)
    if row.state == State.HELD:
        if row.expires_at <= change.at:
            _expire(tx, [row.id], now=change.at)
        else:
            settle.end(tx, [store.as_order(row.id)], Ending.RELEASED, change=change)
            store.end(tx, row.id, State.RELEASED, at=change.at, by=change.by)
    return read(tx, row.id, now=change.at)


def extend(tx: Tx, booking_id: UUID, *, until: datetime, change: Change) -> Booking:
    """Hold the units longer; a time before the present end changes nothing.

    Past its time a booking is held again only if its units are still free.

    Raises:
        BadTerm: If `until` is not after `change.at`.
        BookingEnded: If it was confirmed or released.
        BookingLost: If its units have gone to others since.
    """
    _check_term(until, change.at)
    row = _lock(tx, booking_id)
    _refuse(row, State.CONFIRMED, State.RELEASED)
    _hold_again(tx, row, until=until, change=change)
    if until > row.expires_at:
        store.postpone(tx, row.id, until)
    return read(tx, row.id, now=change.at)


def sweep(tx: Tx, *, now: datetime, at_most: int) -> int:
    """End bookings whose time is over, as of that time; return how many."""
    found = store.overdue(tx, now=now, at_most=at_most)
    if not found:
        return 0
    store.lock_levels(tx, found)
    overdue = [row.id for row in store.lock(tx, found) if _is_overdue(row, now)]
    _expire(tx, overdue, now=now)
    return len(overdue)


def let_go_of(tx: Tx, sku_ids: Collection[SkuId], *, now: datetime) -> int:
    """End what overdue bookings hold of SKUs whose levels you have locked; return the units.

    So nobody is told that goods are sold out which only a booking past its time holds. It waits
    for nobody: a level that somebody else has locked is left to them.
    """
    return sum(shelf_store.let_go(tx, shelf_store.lock_free(tx, sku_ids), now=now).values())


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first business time after `after`, at most `until`, that a booking ends."""
    return store.next_due(tx, after=after, until=until)


def _keys(tx: Tx, wishes: Sequence[Wish]) -> tuple[Counter[Key], dict[Key, str]]:
    found = store.ids_of(tx, [wish.code for wish in wishes])
    units: Counter[Key] = Counter()
    names: dict[Key, str] = {}
    for wish in wishes:
        if wish.code not in found:
            raise NotFound("SKU", wish.code)
        key = (found[wish.code], wish.warehouse)
        units[key] += wish.quantity
        names[key] = wish.code
    return units, names


def _lock(tx: Tx, booking_id: UUID) -> Row:
    """Lock a booking behind its levels, which are those it asked for, whatever it holds now."""
    store.lock_levels(tx, [booking_id])
    rows = store.lock(tx, [booking_id])
    if not rows:
        raise NotFound("reservation", show("res", booking_id))
    return rows[0]


def _hold_again(tx: Tx, row: Row, *, until: datetime, change: Change) -> None:
    """Claim units that a booking does not hold any more, as somebody who comes now would."""
    asked = store.lines(tx, [row.id])
    holds_all = store.held(tx, row.id) == sum(count for *_, count in asked)
    if row.state == State.HELD and holds_all and not _is_overdue(row, change.at):
        return
    freed = store.let_go(tx, [row.id], now=change.at)
    shelf_store.promise(tx, {key: -count for key, count in freed.items()}, change=change)
    units = {key: count for _, _, key, count in asked}
    try:
        room.claim(tx, units, names={key: code for _, code, key, _ in asked}, change=change)
    except NotEnough as short:
        raise BookingLost(row.id, short) from None
    store.hold(tx, row.id, units, at=change.at, until=until)
    store.end(tx, row.id, State.HELD, at=None, by=None)


def _expire(tx: Tx, ids: Sequence[UUID], *, now: datetime) -> None:
    freed = store.let_go(tx, ids, now=now)
    change = Change(by=SWEEPER, why="expired", at=now)
    shelf_store.promise(tx, {key: -units for key, units in freed.items()}, change=change)
    store.expire(tx, ids, by=SWEEPER)


def _is_overdue(row: Row, now: datetime) -> bool:
    return row.state == State.HELD and row.expires_at <= now


def _check_term(until: datetime, now: datetime) -> None:
    if until <= now:
        raise BadTerm("a reservation must end after it begins")


def _refuse(row: Row, *ended: State) -> None:
    if row.state in ended:
        raise BookingEnded(row.id, State(row.state))


def _shown(tx: Tx, row: Row, *, now: datetime) -> Booking:
    ran_out = _is_overdue(row, now)
    return Booking(
        id=row.id,
        reference=row.reference,
        person_id=row.person_id,
        state=State.EXPIRED if ran_out else State(row.state),
        wishes=tuple(
            Wish(code, units, warehouse)
            for _, code, (_, warehouse), units in store.lines(tx, [row.id])
        ),
        booked_at=row.booked_at,
        expires_at=row.expires_at,
        ended_at=row.expires_at if ran_out else row.ended_at,
    )
