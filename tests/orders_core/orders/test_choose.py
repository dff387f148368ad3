"""Who gets the last units."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.ids import SkuId
from orders_core.orders.allocate import Allocation, Site, Take
from orders_core.orders.choose import Choice, Fits, PlaceRequest, Shelf, Stock
from orders_core.orders.choose import choose as choose_from
from orders_core.orders.pricing import Tag
from orders_core.orders.refusals import MixedCurrencies, NotTogether, SoldOut, UnknownSku
from tests.buying import KIMONO, LAMP, MUG, TEA, wish

PRICES = {MUG: (4_900, "CNY"), TEA: (12_800, "CNY"), LAMP: (19_900, "CNY"), KIMONO: (9_800, "JPY")}
MAIN, EAST = "main", "east"
SITES = {MAIN: Site(MAIN, "CN", None, 100), EAST: Site(EAST, "CN", "Shanghai", 200)}


def shelves(**left: int) -> Stock:
    """Put so many of each into the one warehouse that sells."""
    return stock(**{code: {MAIN: units} for code, units in left.items()})


def stock(**left: dict[str, int]) -> Stock:
    shelves = {
        code: Shelf(
            sku_id=SkuId(UUID(int=number)),
            title=code.title(),
            title_zh=code,
            tag=Tag(*PRICES[code]),
            available=units,
        )
        for number, (code, units) in enumerate(left.items(), start=1)
    }
    used = {warehouse for units in left.values() for warehouse in units}
    return Stock(shelves=shelves, sites={code: SITES[code] for code in SITES if code in used})


def choose(requests: Sequence[PlaceRequest], there: Stock) -> tuple[list[Choice], dict[str, int]]:
    """Choose, and count what is taken of each SKU over all warehouses."""
    choices, taken = choose_from(requests, there)
    units: Counter[str] = Counter()
    for (code, _), count in taken.items():
        units[code] += count
    return choices, dict(units)


def who_fits(choices: list[Choice]) -> list[bool]:
    return [isinstance(choice, Fits) for choice in choices]


@pytest.mark.parametrize(
    ("left", "wanted", "fits", "taken"),
    [
        (5, [5], [True], 5),
        (5, [6], [False], 0),
        (0, [1], [False], 0),
        (5, [3, 2], [True, True], 5),
        (5, [3, 3], [True, False], 3),
        (5, [6, 5], [False, True], 5),
        (5, [4, 3, 1], [True, False, True], 5),
        (5, [9, 9, 1, 9, 4, 1], [False, False, True, False, True, False], 5),
        (-2, [1], [False], 0),
    ],
)
def test_units_go_to_those_who_fit_in_arrival_order(
    left: int, wanted: list[int], fits: list[bool], taken: int
) -> None:
    choices, units = choose([wish((MUG, quantity)) for quantity in wanted], shelves(MUG=left))

    assert who_fits(choices) == fits
    assert units.get(MUG, 0) == taken


def test_two_lines_of_one_sku_count_together() -> None:
    choices, units = choose([wish((MUG, 2), (MUG, 2)), wish((MUG, 1), (MUG, 2))], shelves(MUG=3))

    assert who_fits(choices) == [False, True]
    assert units == {MUG: 3}
    assert isinstance(choices[1], Fits)
    assert (choices[1].quantities, choices[1].bill.total_minor) == ({MUG: 3}, 14_700)


def test_an_order_short_of_one_thing_takes_nothing_of_the_others() -> None:
    choices, units = choose([wish((MUG, 1), (TEA, 9)), wish((MUG, 3))], shelves(MUG=3, TEA=8))

    assert who_fits(choices) == [False, True]
    assert units == {MUG: 3}


def test_a_sold_out_answer_says_what_is_short_and_what_is_left_by_then() -> None:
    choices, _ = choose(
        [wish((MUG, 2)), wish((MUG, 2), (TEA, 1), (LAMP, 1))], shelves(MUG=3, TEA=0, LAMP=1)
    )

    assert isinstance(choices[1], SoldOut)
    assert choices[1].short == {MUG: (2, 1), TEA: (1, 0)}
    assert str(choices[1]) == "not enough stock (MUG: 2 wanted, 1 left, TEA: 1 wanted, 0 left)"


def test_goods_the_shop_does_not_sell_are_named_and_nothing_is_taken() -> None:
    choices, units = choose([wish((MUG, 1), ("YETI", 1), ("ELF", 1))], shelves(MUG=3))

    assert isinstance(choices[0], UnknownSku)
    assert choices[0].codes == ("YETI", "ELF")
    assert units == {}


def test_one_order_is_paid_in_one_currency() -> None:
    choices, units = choose([wish((MUG, 1), (KIMONO, 1))], shelves(MUG=3, KIMONO=3))

    assert isinstance(choices[0], MixedCurrencies)
    assert choices[0].currencies == ("CNY", "JPY")
    assert units == {}


def test_two_orders_in_two_currencies_are_no_mixture() -> None:
    choices, _ = choose([wish((MUG, 1)), wish((KIMONO, 2))], shelves(MUG=3, KIMONO=3))

    bills = [choice.bill for choice in choices if isinstance(choice, Fits)]
    assert [(bill.total_minor, bill.currency) for bill in bills] == [
        (4_900, "CNY"),
        (19_600, "JPY"),
    ]


def test_units_of_a_second_warehouse_are_taken_when_the_first_has_too_few() -> None:
    [choice], taken = choose_from([wish((MUG, 5))], stock(MUG={MAIN: 3, EAST: 9}))

    assert isinstance(choice, Fits)
    assert choice.takes == [Take(MUG, MAIN, 3), Take(MUG, EAST, 2)]
    assert taken == {(MUG, MAIN): 3, (MUG, EAST): 2}


def test_an_order_that_may_not_be_split_says_so_where_only_together_all_is_there() -> None:
    whole = Allocation(may_split=False)
    requests = [replace(wish((MUG, 2), (TEA, 2)), allocation=whole)]

    [choice], taken = choose_from(requests, stock(MUG={MAIN: 3}, TEA={EAST: 3}))

    assert isinstance(choice, NotTogether)
    assert choice.codes == (MUG, TEA)
    assert taken == {}


def test_who_may_not_split_is_told_what_the_fullest_warehouse_has() -> None:
    whole = Allocation(may_split=False)
    requests = [replace(wish((MUG, 5)), allocation=whole)]

    [choice], _ = choose_from(requests, stock(MUG={MAIN: 3, EAST: 4}))

    assert isinstance(choice, SoldOut)
    assert choice.short == {MUG: (5, 4)}


def test_what_one_order_took_of_a_warehouse_the_next_does_not_find_there() -> None:
    requests = [wish((MUG, 2)), wish((MUG, 2)), wish((MUG, 1))]

    choices, taken = choose_from(requests, stock(MUG={MAIN: 3, EAST: 1}))

    assert who_fits(choices) == [True, True, False]
    assert taken == {(MUG, MAIN): 3, (MUG, EAST): 1}


codes = st.sampled_from([MUG, TEA, LAMP])
wishes = st.lists(st.tuples(codes, st.integers(1, 9)), min_size=1, max_size=4).map(
    lambda lines: wish(*lines)
)
stocks = st.fixed_dictionaries({code: st.integers(0, 20) for code in (MUG, TEA, LAMP)})


def summed(request: PlaceRequest) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in request.lines:
        total[line.code] += line.quantity
    return total


@given(st.lists(wishes, max_size=12), stocks)
def test_never_more_is_taken_than_is_there_and_exactly_what_the_placed_orders_want(
    requests: list[PlaceRequest], left: dict[str, int]
) -> None:
    choices, units = choose(requests, shelves(**left))

    sold: Counter[str] = Counter()
    for request, choice in zip(requests, choices, strict=True):
        if isinstance(choice, Fits):
            sold += summed(request)
            assert choice.quantities == summed(request)
    assert sold == Counter(units)
    assert all(units.get(code, 0) <= left[code] for code in left)


@given(st.lists(wishes, max_size=12), stocks)
def test_an_order_is_placed_if_and_only_if_it_fits_at_its_turn(
    requests: list[PlaceRequest], left: dict[str, int]
) -> None:
    choices, _ = choose(requests, shelves(**left))

    remaining = Counter(left)
    for request, choice in zip(requests, choices, strict=True):
        fits = all(remaining[code] >= units for code, units in summed(request).items())
        assert isinstance(choice, Fits) is fits
        if fits:
            remaining -= summed(request)


@given(st.lists(wishes, max_size=8), stocks, st.integers(0, 8))
def test_a_request_that_does_not_fit_stands_in_nobodys_way(
    requests: list[PlaceRequest], left: dict[str, int], place: int
) -> None:
    place = min(place, len(requests))
    crowd = [*requests[:place], wish((MUG, 1_000), (TEA, 1)), *requests[place:]]

    without, units = choose(requests, shelves(**left))
    with_giant, units_beside = choose(crowd, shelves(**left))

    assert units_beside == units
    assert who_fits(with_giant[:place] + with_giant[place + 1 :]) == who_fits(without)


def test_a_thousand_requests_are_chosen_between_at_once() -> None:
    choices, units = choose([wish((MUG, 1))] * 1_000, shelves(MUG=600))

    assert units == {MUG: 600}
    assert who_fits(choices).index(False) == 600
