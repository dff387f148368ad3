"""Where placed units come from, what they cost, where they go, and how long they are held."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from orders_core.orders import address_store
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.order import Line
from orders_core.orders.outcome import Outcome, Placed
from orders_core.orders.place import place
from orders_core.orders.refusals import NoPrice, NotTogether, SoldOut, UnknownPriceList, UnknownSku
from orders_core.stock import booking
from orders_core.tx import Tx
from tests.buying import (
    KIMONO,
    LAMP,
    MUG,
    TEA,
    buy,
    change,
    fill,
    order,
    out_of_balance,
    paid,
    rows,
    wish,
)
from tests.orders_core.orders.test_place import round_trips
from tests.shop import MORNING
from tests.stocked import (
    EAST,
    HOME,
    MAIN,
    RELEASE,
    ROTTERDAM,
    claims,
    held,
    open_warehouse,
    price_in,
    sell_ahead,
)

HALF_AN_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


def bought(tx: Tx, request: PlaceRequest) -> Placed:
    [outcome] = buy(tx, request)
    assert isinstance(outcome, Placed), outcome
    return outcome


def held_for(tx: Tx, *requests: PlaceRequest, after: timedelta = timedelta(0)) -> list[Outcome]:
    """Place wishes some time after morning that must be paid within half an hour."""
    return place(tx, requests, change=change("shopper", at=MORNING + after), hold=HALF_AN_HOUR)


class TestWarehouses:
    """Which warehouses sell, and in what shares."""

    def test_units_that_one_warehouse_lacks_come_from_the_next(self, tx: Tx) -> None:
        fill(tx, {MUG: 3, TEA: 5})
        open_warehouse(tx, EAST, {MUG: 9})

        placed = bought(tx, wish((MUG, 5), (TEA, 2)))

        assert claims(tx) == [(MUG, EAST, 2), (MUG, MAIN, 3), (TEA, MAIN, 2)]
        assert (held(tx, MUG), held(tx, TEA)) == ({MAIN: (3, 3), EAST: (9, 2)}, {MAIN: (5, 2)})
        assert [line.quantity for line in order(tx, placed.order_id).lines] == [5, 2]
        assert out_of_balance(tx) == []

    def test_a_warehouse_that_does_not_sell_sells_nothing(self, tx: Tx) -> None:
        fill(tx, {MUG: 1})
        open_warehouse(tx, ROTTERDAM, {MUG: 9, LAMP: 9}, sells=False)

        sold_out, unknown = buy(tx, wish((MUG, 2)), wish((LAMP, 1)))

        assert isinstance(sold_out, SoldOut)
        assert sold_out.short == {MUG: (2, 1)}
        assert isinstance(unknown, UnknownSku)

    def test_a_warehouse_that_was_only_counted_does_not_sell(self, tx: Tx) -> None:
        fill(tx, {MUG: 1})
        open_warehouse(tx, EAST, {})
        tx.execute(text("DELETE FROM warehouse WHERE code = :code"), {"code": EAST})
        tx.execute(
            text("UPDATE level SET warehouse = 'new' WHERE warehouse = :code"), {"code": EAST}
        )

        [outcome] = buy(tx, wish((MUG, 2)))

        assert isinstance(outcome, SoldOut)

    def test_safety_stock_and_what_is_owed_are_not_promised(self, tx: Tx) -> None:
        fill(tx, {MUG: 9})
        tx.execute(text("UPDATE level SET safety_stock = 3, short = 2"))

        [outcome] = buy(tx, wish((MUG, 5)))

        assert isinstance(outcome, SoldOut)
        assert outcome.short == {MUG: (5, 4)}

    def test_an_order_that_may_not_be_split_is_placed_where_all_of_it_lies(self, tx: Tx) -> None:
        fill(tx, {MUG: 3, TEA: 3})
        open_warehouse(tx, EAST, {MUG: 9, TEA: 9})
        whole = Allocation(may_split=False)

        bought(tx, replace(wish((MUG, 4), (TEA, 1)), allocation=whole))

        assert claims(tx) == [(MUG, EAST, 4), (TEA, EAST, 1)]

    def test_who_may_not_split_hears_that_all_of_it_lies_nowhere(self, tx: Tx) -> None:
        fill(tx, {MUG: 3})
        open_warehouse(tx, EAST, {TEA: 3})
        request = replace(wish((MUG, 1), (TEA, 1), key="k"), allocation=Allocation(may_split=False))

        [first] = buy(tx, request)
        [again] = buy(tx, request)

        assert isinstance(first, NotTogether)
        assert isinstance(again, NotTogether)
        assert (first.codes, rows(tx, "orders")) == (again.codes, 0)

    def test_the_nearest_warehouse_is_that_of_the_ship_tos_region(self, tx: Tx) -> None:
        fill(tx, {MUG: 9})
        open_warehouse(tx, EAST, {MUG: 9})
        nearest = Allocation(Strategy.NEAREST)

        bought(tx, replace(wish((MUG, 1)), allocation=nearest, ship_to=HOME))

        assert claims(tx) == [(MUG, EAST, 1)]

    @pytest.mark.parametrize("orders", [1, 64])
    def test_splits_prices_and_addresses_cost_no_round_trip_more(self, tx: Tx, orders: int) -> None:
        fill(tx, {MUG: 100, TEA: 1})
        open_warehouse(tx, EAST, {MUG: 100, TEA: 100})
        price_in(tx, "EU", "EUR", {MUG: 690, TEA: 1_290})
        one = replace(wish((MUG, 2), (TEA, 1)), price_list="EU", ship_to=HOME)
        batch = [replace(one, key=f"k{number}") for number in range(orders)]

        with round_trips(tx) as trips:
            buy(tx, *batch)

        assert trips == [2]
        assert rows(tx, "orders") == orders


class TestPrices:
    """What is asked for in a list or a currency is paid in it."""

    def test_an_order_in_a_list_takes_the_lists_prices_and_currency(self, tx: Tx) -> None:
        fill(tx, {MUG: 5, KIMONO: 5})
        price_in(tx, "EU", "EUR", {MUG: 690, KIMONO: 5_900})

        placed = bought(tx, replace(wish((MUG, 2), (KIMONO, 1)), price_list="EU"))

        found = order(tx, placed.order_id)
        assert (placed.total_minor, placed.currency) == (7_280, "EUR")
        assert (found.total_minor, found.currency) == (7_280, "EUR")
        assert found.lines[0] == Line(
            code=MUG, title="Mug", title_zh="马克杯", quantity=2, unit_minor=690
        )

    def test_orders_of_one_batch_pay_by_lists_of_their_own(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})
        price_in(tx, "EU", "EUR", {MUG: 690}, is_default=True)
        price_in(tx, "CLUB", "CNY", {MUG: 3_900})
        mug = wish((MUG, 1))

        outcomes = buy(
            tx,
            mug,
            replace(mug, price_list="CLUB"),
            replace(mug, currency="EUR"),
            replace(mug, currency="CNY"),
        )

        told = [(o.total_minor, o.currency) for o in outcomes if isinstance(o, Placed)]
        assert told == [(4_900, "CNY"), (3_900, "CNY"), (690, "EUR"), (4_900, "CNY")]
        assert out_of_balance(tx) == []

    def test_goods_without_a_price_there_are_refused_and_named_again_under_the_key(
        self, tx: Tx
    ) -> None:
        fill(tx, {MUG: 5, TEA: 5})
        price_in(tx, "EU", "EUR", {MUG: 690})
        request = replace(wish((MUG, 1), (TEA, 1), key="k"), price_list="EU")

        [first] = buy(tx, request)
        [again] = buy(tx, request)
        [unknown] = buy(tx, replace(wish((MUG, 1)), price_list="MARS"))

        assert isinstance(first, NoPrice)
        assert isinstance(again, NoPrice)
        assert (first.codes, str(again)) == ((TEA,), "no price in EU for TEA")
        assert isinstance(unknown, UnknownPriceList)
        assert rows(tx, "orders") == 0


class TestAddresses:
    """Where an order goes is written with it."""

    def test_an_order_keeps_the_address_it_came_with(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        with_address, without = buy(tx, replace(wish((MUG, 1)), ship_to=HOME), wish((MUG, 1)))

        assert isinstance(with_address, Placed)
        assert isinstance(without, Placed)
        assert address_store.addresses(tx, [with_address.order_id, without.order_id]) == {
            with_address.order_id: HOME
        }
        assert order(tx, without.order_id).ship_to is None
        assert rows(tx, "ship_to", "set_by = 'shopper'") == 1


class TestHolds:
    """An unpaid order ends at its time, also for who comes before the sweeper."""

    def test_an_order_says_until_when_it_is_held(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        [placed] = held_for(tx, wish((MUG, 1), key="k"))
        [again] = held_for(tx, wish((MUG, 1), key="k"), after=SECOND)

        assert isinstance(placed, Placed)
        assert placed.pay_until == MORNING + HALF_AN_HOUR
        assert again == placed
        assert order(tx, placed.order_id).pay_until == placed.pay_until
        stamps = tx.execute(text("SELECT held_at, expires_at FROM reservation")).one()
        assert tuple(stamps) == (MORNING, placed.pay_until)

    def test_without_a_hold_an_order_waits_for_ever(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        [placed] = buy(tx, wish((MUG, 1)), hold=None)

        assert isinstance(placed, Placed)
        assert placed.pay_until is None
        assert rows(tx, "reservation", "expires_at IS NULL") == 1

    @pytest.mark.parametrize(("after", "fits"), [(-SECOND, False), (timedelta(0), True)])
    def test_units_of_an_unpaid_order_are_free_at_its_very_time(
        self, tx: Tx, after: timedelta, *, fits: bool
    ) -> None:
        fill(tx, {MUG: 3})
        [first] = held_for(tx, wish((MUG, 2)))

        [second] = held_for(tx, wish((MUG, 3)), after=HALF_AN_HOUR + after)

        assert isinstance(second, Placed) is fits
        assert isinstance(first, Placed)
        assert (order(tx, first.order_id).cancelled_at is not None) is fits
        assert out_of_balance(tx) == []

    def test_units_of_a_paid_order_are_never_free(self, tx: Tx) -> None:
        fill(tx, {MUG: 3})
        [first] = held_for(tx, wish((MUG, 2)))
        assert isinstance(first, Placed)
        paid(tx, first.order_id)

        [second] = held_for(tx, wish((MUG, 3)), after=timedelta(days=9))

        assert isinstance(second, SoldOut)

    def test_units_of_a_booking_are_free_once_its_time_is_over(self, tx: Tx) -> None:
        fill(tx, {MUG: 3})
        until = MORNING + HALF_AN_HOUR
        booking.book(tx, [booking.Wish(MUG, 2)], until=until, change=change())

        [early] = held_for(tx, wish((MUG, 3)), after=HALF_AN_HOUR - SECOND)
        [late] = held_for(tx, wish((MUG, 3)), after=HALF_AN_HOUR)

        assert isinstance(early, SoldOut)
        assert isinstance(late, Placed)

    def test_what_others_still_hold_stays_sold_out(self, tx: Tx) -> None:
        fill(tx, {MUG: 3, TEA: 1})
        held_for(tx, wish((MUG, 1)))
        held_for(tx, wish((MUG, 2)), after=SECOND)

        [outcome] = held_for(tx, wish((MUG, 2)), after=HALF_AN_HOUR)

        assert isinstance(outcome, SoldOut)
        assert outcome.short == {MUG: (2, 1)}


class TestPreorders:
    """Goods are sold before they are there: up to the threshold, for a deposit."""

    def test_a_pre_order_is_placed_with_its_deposit_and_the_day_of_its_balance(
        self, tx: Tx
    ) -> None:
        fill(tx, {MUG: 9, LAMP: 0})
        sell_ahead(tx, LAMP, 3)

        placed = bought(tx, wish((LAMP, 2), (MUG, 1), key="k"))

        found = order(tx, placed.order_id)
        assert (placed.total_minor, placed.deposit_minor) == (44_700, 14_900)
        assert (found.deposit_minor, found.balance_from, found.balance_until) == (
            14_900,
            RELEASE,
            None,
        )
        assert buy(tx, wish((LAMP, 2), (MUG, 1), key="k")) == [placed]
        assert out_of_balance(tx) == []

    def test_no_more_is_promised_than_the_threshold(self, tx: Tx) -> None:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 3)

        fits, too_many, last = buy(tx, wish((LAMP, 2)), wish((LAMP, 2)), wish((LAMP, 1)))

        assert isinstance(fits, Placed)
        assert isinstance(too_many, SoldOut)
        assert isinstance(last, Placed)
        assert held(tx, LAMP) == {MAIN: (0, 3)}

    def test_from_the_release_on_only_what_is_there_is_sold_and_paid_at_once(self, tx: Tx) -> None:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 9)
        buy(tx, wish((LAMP, 2)), hold=None)
        late = change("shopper", at=RELEASE)

        [nothing_there] = place(tx, [wish((LAMP, 1))], change=late)
        fill(tx, {LAMP: 3})
        [more, one] = place(tx, [wish((LAMP, 2)), wish((LAMP, 1))], change=late)

        assert isinstance(nothing_there, SoldOut)
        assert isinstance(more, SoldOut)
        assert isinstance(one, Placed)
        assert (one.total_minor, one.deposit_minor) == (19_900, None)
