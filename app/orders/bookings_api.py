"""The HTTP of reservations that are not yet orders."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import PublicId
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.orders.stock_bodies import BookingBody, ExtendBody, booking_body
from orders_core.events import Change
from orders_core.orders.expire import expire_of
from orders_core.stock import booking
from orders_core.stock.booking import Booking, For
from orders_core.stock.booking_store import ids_of
from orders_core.stock.room import NotEnough
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/reservations", tags=["stock"])

Id = Annotated[UUID, PublicId("res")]
Reader = Annotated[Caller, scope("stock:read")]
Writer = Annotated[Caller, scope("stock:write")]
MOST_ENDED = 200  # unpaid orders past their time, at once, before anybody is told of too few units


@router.post("", status_code=201)
def book(body: BookingBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Promise units for some minutes: everything asked for, or nothing. 409 says what is short."""

    def work() -> tuple[int, dict[str, Any]]:
        change = Change(by=caller.name, why="reserved", at=now)
        return 201, booking_body(_booked(tx, body, change))

    return once.run(tx, caller.name, work)


@router.get("/{booking_id}")
def read(booking_id: Id, tx: Transaction, now: Now, _: Reader) -> Any:
    """Read a reservation as it stands at this moment."""
    return booking_body(booking.read(tx, booking_id, now=now))


@router.post("/{booking_id}/confirm")
def confirm(booking_id: Id, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Let the units leave, as a sale; past its time only if they are still free."""
    change = Change(by=caller.name, why="confirmed", at=now)
    return booking_body(booking.confirm(tx, booking_id, change=change))


@router.post("/{booking_id}/release")
def release(booking_id: Id, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Let go of the units; they are free again."""
    change = Change(by=caller.name, why="released", at=now)
    return booking_body(booking.release(tx, booking_id, change=change))


@router.post("/{booking_id}/extend")
def extend(booking_id: Id, body: ExtendBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Hold the units for so many minutes from now; never shorter than before."""
    change = Change(by=caller.name, why="extended", at=now)
    until = now + timedelta(minutes=body.minutes)
    return booking_body(booking.extend(tx, booking_id, until=until, change=change))


def _booked(tx: Tx, body: BookingBody, change: Change) -> Booking:
    """Book; where too little is left, end unpaid orders past their time first, and try again."""
    whose = For(reference=body.reference, person_id=body.person)
    until = change.at + timedelta(minutes=body.minutes)
    try:
        return booking.book(tx, body.wishes(), until=until, change=change, whose=whose)
    except NotEnough:
        skus = ids_of(tx, [line.sku for line in body.lines])
        if not expire_of(tx, sorted(skus.values()), now=change.at, at_most=MOST_ENDED):
            raise
    return booking.book(tx, body.wishes(), until=until, change=change, whose=whose)
