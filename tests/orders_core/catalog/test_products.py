"""Products and warehouses."""

import pytest

from orders_core.catalog import product_store, warehouse_store
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Product, Sku
from orders_core.catalog.warehouse_store import NOWHERE
from orders_core.errors import NotFound
from orders_core.money import Money
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, change, fill
from tests.shop import MORNING
from tests.stocked import EAST, MAIN, ROTTERDAM, open_warehouse

CUPS = Product(code="CUPS", title_zh="杯子", title_en="Cups")


@pytest.fixture
def cups(tx: Tx) -> Tx:
    fill(tx, {MUG: 1, TEA: 1, LAMP: 1})
    product_store.put(tx, CUPS, now=MORNING)
    return tx


def test_a_product_has_the_skus_it_was_given_and_no_others(cups: Tx) -> None:
    product_store.set_skus(cups, "CUPS", [MUG, TEA])
    product_store.set_skus(cups, "CUPS", [TEA, LAMP])

    assert product_store.read(cups, "CUPS") == (CUPS, [LAMP, TEA])


def test_a_sku_leaves_the_product_it_was_of(cups: Tx) -> None:
    product_store.put(cups, Product(code="TEAS", title_zh="茶", title_en="Teas"), now=MORNING)
    product_store.set_skus(cups, "CUPS", [MUG, TEA])
    product_store.set_skus(cups, "TEAS", [TEA])

    assert product_store.read(cups, "CUPS")[1] == [MUG]


def test_a_product_of_unknown_goods_is_refused_and_names_them(cups: Tx) -> None:
    with pytest.raises(NotFound, match="no SKU ELF, YETI"):
        product_store.set_skus(cups, "CUPS", [MUG, "YETI", "ELF"])


def test_a_sku_written_again_without_a_product_keeps_its_own(cups: Tx) -> None:
    mug = Sku(code=MUG, title_zh="杯", title_en="Mug", price=Money(1, "CNY"), product="CUPS")
    catalog.put(cups, [mug], now=MORNING)
    fill(cups, {MUG: 1})

    assert product_store.read(cups, "CUPS")[1] == [MUG]
    assert [sku.product for sku in catalog.page(cups) if sku.code == MUG] == ["CUPS"]


def test_a_sku_of_an_unknown_product_is_refused(cups: Tx) -> None:
    mug = Sku(code=MUG, title_zh="杯", title_en="Mug", price=Money(1, "CNY"), product="NONE")

    with pytest.raises(NotFound, match="no product NONE"):
        catalog.put(cups, [mug], now=MORNING)
    with pytest.raises(NotFound, match="no product NONE"):
        product_store.read(cups, "NONE")


def test_a_warehouse_that_is_counted_before_it_is_described_does_not_sell(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    counting.count(tx, MUG, "cellar", on_hand=5, oversell_limit=None, change=change())

    found = warehouse_store.read(tx, "cellar")

    assert (found.sells, found.country, found.name_en) == (False, NOWHERE, "cellar")
    assert warehouse_store.read(tx, MAIN).sells


def test_counting_again_leaves_a_warehouse_as_it_was_described(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    open_warehouse(tx, EAST, {MUG: 1})
    counting.count(tx, MUG, EAST, on_hand=5, oversell_limit=None, change=change())

    assert warehouse_store.read(tx, EAST).sells


def test_warehouses_are_listed_as_they_are_asked(tx: Tx) -> None:
    open_warehouse(tx, EAST, {}, priority=50)
    open_warehouse(tx, ROTTERDAM, {}, priority=10, sells=False)

    assert [found.code for found in warehouse_store.every(tx)] == [EAST, MAIN, ROTTERDAM]
    assert warehouse_store.selling(tx) == 2


def test_an_unknown_warehouse_is_not_found(tx: Tx) -> None:
    with pytest.raises(NotFound, match="no warehouse moon"):
        warehouse_store.read(tx, "moon")
