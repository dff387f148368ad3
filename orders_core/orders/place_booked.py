"""Place an order from a booking: its units are let go and taken again, in one transaction."""

from datetime import timedelta
from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import show
from orders_core.orders import place_booked_store as store
from orders_core.orders import place_lock_store as locking
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.place import place
from orders_core.stock import booking, booking_store
from orders_core.stock.booking import BookingEnded, State
from orders_core.tx import Tx


class _NotPlaced(Exception):
    """Take back what was let go."""


def place_booked(
    tx: Tx,
    request: PlaceRequest,
    booking_id: UUID,
    *,
    change: Change,
    hold: timedelta | None = None,
) -> Outcome:
    """Place one order with the units of a booking; where it cannot be placed, the booking stands.

    A booking past its time holds nothing: the order is placed if its units are still free. Locks:
    every level of the booking's and the order's goods, the booking, then as `place` does.

    Raises:
        NotFound: If there is no such booking.
        BookingEnded: If it was confirmed or released, and not by this very request before.
    """
    store.lock_levels(tx, booking_id, sorted({line.code for line in request.lines}))
    rows = booking_store.lock(tx, [booking_id])
    if not rows:
        raise NotFound("reservation", show("res", booking_id))
    state = State(rows[0].state)
    if state in {State.CONFIRMED, State.RELEASED} and not _was_asked(tx, request):
        raise BookingEnded(booking_id, state)
    try:
        with tx.begin_nested():
            if state is State.HELD:
                booking.release(tx, booking_id, change=change)
            return _placed(tx, request, change=change, hold=hold)
    except _NotPlaced:  # without the booking's units it fits no better: this keeps the answer
        return place(tx, [request], change=change, hold=hold)[0]


def _placed(tx: Tx, request: PlaceRequest, *, change: Change, hold: timedelta | None) -> Outcome:
    [outcome] = place(tx, [request], change=change, hold=hold)
    if not isinstance(outcome, Placed):
        raise _NotPlaced
    return outcome


def _was_asked(tx: Tx, request: PlaceRequest) -> bool:
    return request.key is not None and bool(locking.answers(tx, [(request.scope, request.key)]))
