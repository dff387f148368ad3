"""An order placed from a booking takes the booking's units, or leaves it as it was."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.place_booked import place_booked
from orders_core.orders.refusals import SoldOut, UnknownSku
from orders_core.stock import booking
from orders_core.stock.booking import BookingEnded, State, Wish
from orders_core.tx import Tx
from tests.buying import MUG, TEA, buy, change, fill, level, out_of_balance, rows, wish
from tests.shop import MORNING, Shop
from tests.waiting import behind

HOUR = timedelta(hours=1)


@pytest.fixture
def booked(tx: Tx) -> UUID:
    """All three mugs are booked for an hour."""
    fill(tx, {MUG: 3, TEA: 1})
    return booking.book(tx, [Wish(MUG, 3)], until=MORNING + HOUR, change=change()).id


def place(
    tx: Tx, booking_id: UUID, request: PlaceRequest, *, after: timedelta = timedelta(0)
) -> Outcome:
    return place_booked(tx, request, booking_id, change=change("shopper", at=MORNING + after))


def state(tx: Tx, booking_id: UUID) -> State:
    return booking.read(tx, booking_id, now=MORNING).state


def test_the_order_takes_what_was_booked_and_the_booking_is_over(tx: Tx, booked: UUID) -> None:
    [without] = buy(tx, wish((MUG, 1)))

    placed = place(tx, booked, wish((MUG, 3), (TEA, 1)))

    assert isinstance(without, SoldOut)
    assert isinstance(placed, Placed)
    assert (state(tx, booked), level(tx, MUG).reserved) == (State.RELEASED, 3)
    assert out_of_balance(tx) == []


@pytest.mark.parametrize(("line", "kind"), [((MUG, 4), SoldOut), (("YETI", 1), UnknownSku)])
def test_an_order_that_cannot_be_placed_leaves_the_booking_as_it_was(
    tx: Tx, booked: UUID, line: tuple[str, int], kind: type
) -> None:
    refused = place(tx, booked, wish(line, key="k"))

    assert isinstance(refused, kind)
    assert (state(tx, booked), level(tx, MUG).reserved) == (State.HELD, 3)
    assert type(place(tx, booked, wish(line, key="k"))) is kind
    assert out_of_balance(tx) == []


def test_the_same_key_again_is_the_same_order(tx: Tx, booked: UUID) -> None:
    first = place(tx, booked, wish((MUG, 2), key="k"))
    again = place(tx, booked, wish((MUG, 2), key="k"))

    assert isinstance(first, Placed)
    assert again == first
    assert rows(tx, "orders") == 1


def test_a_booking_that_is_over_makes_no_second_order(tx: Tx, booked: UUID) -> None:
    place(tx, booked, wish((MUG, 2), key="k"))

    with pytest.raises(BookingEnded, match="is released"):
        place(tx, booked, wish((MUG, 1), key="other"))
    with pytest.raises(BookingEnded):
        place(tx, booked, wish((MUG, 1)))


def test_units_that_left_by_the_booking_itself_make_no_order(tx: Tx, booked: UUID) -> None:
    booking.confirm(tx, booked, change=change())

    with pytest.raises(BookingEnded, match="is confirmed"):
        place(tx, booked, wish((MUG, 1)))


def test_past_its_time_a_booking_holds_nothing_and_the_order_takes_what_is_free(
    tx: Tx, booked: UUID
) -> None:
    placed = place(tx, booked, wish((MUG, 3)), after=HOUR)

    assert isinstance(placed, Placed)
    assert state(tx, booked) == State.EXPIRED
    assert out_of_balance(tx) == []


def test_past_its_time_others_may_have_been_first(tx: Tx, booked: UUID) -> None:
    late = change("shopper", at=MORNING + HOUR)
    other = booking.book(tx, [Wish(MUG, 2)], until=MORNING + 2 * HOUR, change=late)

    assert isinstance(place(tx, booked, wish((MUG, 2)), after=HOUR), SoldOut)
    assert isinstance(place(tx, other.id, wish((MUG, 2)), after=HOUR), Placed)


def test_an_unknown_booking_is_not_found(tx: Tx) -> None:
    fill(tx, {MUG: 1})

    with pytest.raises(NotFound, match="no reservation res_"):
        place(tx, new_id(), replace(wish((MUG, 1)), key="k"))


def test_all_levels_are_locked_in_one_order_before_any_booked_unit_is_let_go(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        for code in ("Z-OLDEST", "A-NEWEST"):
            goods = Sku(code=code, title_zh=code, title_en=code, price=Money(100, "CNY"))
            catalog.put(tx, [goods], now=MORNING)
            fill(tx, {code: 1})
        until = MORNING + HOUR
        booked = booking.book(tx, [Wish("A-NEWEST", 1)], until=until, change=change()).id

    def lock(tx: Tx, code: str) -> None:
        query = "SELECT 1 FROM level WHERE sku_id = :id FOR UPDATE NOWAIT"
        tx.execute(text(query), {"id": catalog.id_of(tx, code)})

    outcome = behind(
        shop,
        lambda tx: lock(tx, "Z-OLDEST"),
        lambda tx: place(tx, booked, wish(("Z-OLDEST", 1), ("A-NEWEST", 1))),
        meanwhile=lambda tx: lock(tx, "A-NEWEST"),
    )

    assert isinstance(outcome, Placed)
