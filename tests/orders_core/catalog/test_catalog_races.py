"""Clerks who write the catalog at the same moment, and what the tables refuse by themselves."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.transaction import begin
from orders_core.catalog import preorder, price, product_store
from orders_core.catalog.preorder import PreorderElsewhere
from orders_core.catalog.preorder_store import Preorder
from orders_core.catalog.price import CurrencyFixed, Span
from orders_core.catalog.price_store import PriceList
from orders_core.catalog.sku import Product
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import (
    GOODS,
    LAMP,
    MUG,
    buy,
    change,
    fill,
    level,
    out_of_balance,
    wish,
)
from tests.shop import MORNING, Shop
from tests.stocked import EAST, MAIN, RELEASE, open_warehouse, price_in, sell_ahead
from tests.together import together
from tests.waiting import behind

EU = PriceList(code="EU", name_zh="欧洲", name_en="Europe", currency="EUR")

FIVE = Preorder(warehouse=MAIN, units=5, release_at=RELEASE, deposit_minor=None, balance_hours=48)


def test_a_list_that_gets_its_first_price_meanwhile_keeps_its_currency(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 1})
        price.put_list(tx, EU)
    other = PriceList(code="EU", name_zh="欧洲", name_en="Europe", currency="GBP")

    def change_currency(tx: Tx) -> None:
        price.put_list(tx, other)

    def first_price(tx: Tx) -> None:
        price.put(tx, "EU", MUG, 690, Span(), change=change())

    with pytest.raises(CurrencyFixed):
        behind(shop, first_price, change_currency)


def test_products_that_take_each_others_skus_never_deadlock(shop: Shop) -> None:
    codes = [sku.code for sku in GOODS]
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 1})
        for name in ("ONE", "TWO"):
            product_store.put(tx, Product(code=name, title_zh=name, title_en=name), now=MORNING)

    def take(name: str, start: int) -> None:
        for number in range(40):
            with begin(shop.engine) as tx:
                at = start + number
                product_store.set_skus(tx, name, [codes[at % 4], codes[(at + 1) % 4]])

    together(partial(take, "ONE", 0), partial(take, "TWO", 2))

    with begin(shop.engine) as tx:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert tx.scalar(text(query)) == 0


def test_two_clerks_who_sell_ahead_at_two_warehouses_are_one_pre_order(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        open_warehouse(tx, EAST, {})

    def at_main(tx: Tx) -> object:
        return sell_ahead(tx, LAMP, 5)

    def at_east(tx: Tx) -> object:
        return preorder.put(tx, LAMP, replace(FIVE, warehouse=EAST), change=change())

    with pytest.raises(PreorderElsewhere, match="waits at warehouse main"):
        behind(shop, at_main, at_east)


def test_units_that_are_sold_while_a_pre_order_ends_stay_promised(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 5)

    def sell(tx: Tx) -> object:
        return buy(tx, wish((LAMP, 2)))

    ended = behind(shop, sell, lambda tx: preorder.end(tx, LAMP, change=change()))

    assert (ended.units, ended.awaited) == (2, 2)
    with begin(shop.engine) as tx:
        assert level(tx, LAMP).oversell_limit == 2
        assert out_of_balance(tx) == []


def test_what_arrives_while_a_pre_order_ends_has_arrived(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 5)
        buy(tx, wish((LAMP, 4)), hold=None)

    def three_come(tx: Tx) -> object:
        return counting.count(tx, LAMP, MAIN, on_hand=3, oversell_limit=None, change=change())

    ended = behind(shop, three_come, lambda tx: preorder.end(tx, LAMP, change=change()))

    assert (ended.units, ended.arrived, ended.awaited) == (4, 3, 1)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE preorder SET arrived = units + 1", "ck_preorder_arrived_within_units"),
        ("UPDATE preorder SET arrived = -1", "ck_preorder_arrived_within_units"),
        ("UPDATE preorder SET deposit_minor = 0", "ck_preorder_deposit_positive"),
        ("UPDATE preorder SET balance_hours = 0", "ck_preorder_balance_hours_positive"),
        ("UPDATE price SET price_minor = -1", "ck_price_price_not_negative"),
        (
            "UPDATE price SET valid_from = clock_timestamp(), valid_until = '2020-01-01'",
            "ck_price_until_after_from",
        ),
        ("UPDATE price SET ring = 'loud'", "ck_price_ring_known"),
        (
            "INSERT INTO price SELECT uuid7(), price_list, sku_id, 1, NULL, NULL, 1, 'x', 'x',"
            " changed_at FROM price",
            "uq_price_price_list_sku_id_valid_from",
        ),
        (
            "INSERT INTO price_list VALUES ('EU2', 'x', 'x', 'EUR', true)",
            "uq_price_list_default",
        ),
        ("INSERT INTO price_list VALUES ('eu', 'x', 'x', 'GBP')", "ck_price_list_code_canonical"),
        (
            "INSERT INTO product VALUES ('cups', 'x', 'x', clock_timestamp())",
            "ck_product_code_canonical",
        ),
        ("UPDATE sku SET product = 'NONE'", "fk_sku_product"),
    ],
)
def test_what_can_never_be_so_is_refused_by_the_table(tx: Tx, sql: str, constraint: str) -> None:
    fill(tx, {LAMP: 0, MUG: 1})
    price_in(tx, "EU", "EUR", {MUG: 690}, is_default=True)
    sell_ahead(tx, LAMP, 5)

    with pytest.raises(IntegrityError, match=constraint):
        tx.execute(text(sql))
