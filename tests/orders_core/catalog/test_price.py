"""Price lists: what counts at which time, and what each change tells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from orders_core.catalog import price, price_store
from orders_core.catalog.price import CurrencyFixed, DefaultTaken, NeverValid, Span
from orders_core.catalog.price_store import PriceList
from orders_core.errors import NotFound
from orders_core.orders import place_lock_store
from orders_core.tx import Tx
from tests.buying import MUG, TEA, change, fill, wish
from tests.shop import MORNING
from tests.stocked import price_in

DAY = timedelta(days=1)
EU = PriceList(code="EU", name_zh="欧洲", name_en="Europe", currency="EUR")


def put(tx: Tx, amount: int, begins: datetime | None = None, ends: datetime | None = None) -> None:
    price.put(
        tx, "EU", MUG, amount, Span(valid_from=begins, valid_until=ends), change=change("clerk")
    )


def in_force(tx: Tx, code: str, *, at: datetime) -> Mapping[str, int]:
    """Return what an order at that time would pay, by SKU."""
    request = replace(wish((MUG, 1), (TEA, 1)), price_list=code)
    return place_lock_store.look(tx, [request], at=at).tariffs[code].prices


def events(tx: Tx) -> list[tuple[str, int, int]]:
    """Return type, version and new amount of every price event."""
    rows = tx.execute(
        text(
            "SELECT type, version, (new->>'price_minor')::int FROM history"
            " WHERE entity = 'price' ORDER BY id"
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
def listed(tx: Tx) -> Tx:
    fill(tx, {MUG: 5, TEA: 5})
    price.put_list(tx, EU)
    return tx


def test_a_sale_lies_over_the_usual_price_and_ends_by_itself(listed: Tx) -> None:
    put(listed, 690)
    put(listed, 490, MORNING, MORNING + DAY)

    times = (MORNING - DAY, MORNING, MORNING + DAY - timedelta(seconds=1), MORNING + DAY)
    found = [in_force(listed, "EU", at=at) for at in times]

    assert found == [{MUG: 690}, {MUG: 490}, {MUG: 490}, {MUG: 690}]


def test_of_two_prices_that_hold_the_one_that_began_last_counts(listed: Tx) -> None:
    put(listed, 490, MORNING)
    put(listed, 690)
    put(listed, 590, MORNING - DAY)

    assert in_force(listed, "EU", at=MORNING) == {MUG: 490}


def test_before_its_first_price_a_sku_has_none(listed: Tx) -> None:
    put(listed, 690, MORNING)

    assert in_force(listed, "EU", at=MORNING - DAY) == {}


def test_every_change_of_a_price_is_an_event_and_the_same_again_is_none(listed: Tx) -> None:
    put(listed, 690)
    put(listed, 690)
    put(listed, 710)
    put(listed, 490, MORNING, MORNING + DAY)

    assert events(listed) == [
        ("price.changed", 1, 690),
        ("price.changed", 2, 710),
        ("price.changed", 1, 490),
    ]


def test_even_a_price_written_by_hand_is_an_event(listed: Tx) -> None:
    put(listed, 690)
    listed.execute(text("UPDATE price SET price_minor = 1"))

    assert events(listed)[-1] == ("price.changed", 2, 1)


def test_a_price_that_would_never_hold_is_refused(listed: Tx) -> None:
    with pytest.raises(NeverValid, match="never hold"):
        put(listed, 690, MORNING, MORNING)


def test_a_price_needs_its_list_and_its_sku(listed: Tx) -> None:
    with pytest.raises(NotFound, match="no price list MARS"):
        price.put(listed, "MARS", MUG, 1, Span(), change=change())
    with pytest.raises(NotFound, match="no SKU YETI"):
        price.put(listed, "EU", "YETI", 1, Span(), change=change())


def test_a_list_without_prices_may_still_change_its_currency(listed: Tx) -> None:
    other = PriceList(code="EU", name_zh="欧洲", name_en="Europe", currency="GBP")

    price.put_list(listed, other)
    put(listed, 690)

    assert price_store.read_list(listed, "EU") == other
    with pytest.raises(CurrencyFixed, match="has prices in GBP"):
        price.put_list(listed, EU)


def test_a_currency_has_one_default_list(tx: Tx) -> None:
    price_in(tx, "EU", "EUR", {}, is_default=True)
    price_in(tx, "UK", "GBP", {}, is_default=True)
    price_in(tx, "EU", "EUR", {}, is_default=True)

    with pytest.raises(DefaultTaken, match="EU is the default for EUR"):
        price_in(tx, "CLUB", "EUR", {}, is_default=True)


def test_a_page_of_prices_keeps_those_of_a_sku_together(listed: Tx) -> None:
    put(listed, 690)
    put(listed, 490, MORNING)
    price.put(listed, "EU", TEA, 1_290, Span(), change=change())

    first = price_store.page(listed, "EU", after="", at_most=1)
    rest = price_store.page(listed, "EU", after=MUG, at_most=9)

    assert [(p.sku, p.price_minor) for p in first] == [(MUG, 690), (MUG, 490)]
    assert [(p.sku, p.price_minor) for p in rest] == [(TEA, 1_290)]
