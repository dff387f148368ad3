"""SKUs: one canonical code each, the newest titles and price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from orders_core.catalog import store
from orders_core.catalog.sku import Sku, canonical
from orders_core.money import Money
from orders_core.tx import Tx
from tests.buying import GOODS
from tests.shop import MORNING


def sku(code: str, *, price_minor: int = 100) -> Sku:
    return Sku(code=code, title_zh="货", title_en="Thing", price=Money(price_minor, "CNY"))


@given(st.text(max_size=20))
def test_a_canonical_code_is_canonical_already(code: str) -> None:
    assert canonical(canonical(code)) == canonical(code)


def test_goods_read_back_as_they_were_put_in_code_order(tx: Tx) -> None:
    store.put(tx, GOODS, now=MORNING)

    assert store.page(tx) == sorted(GOODS, key=lambda goods: goods.code)


def test_putting_again_takes_the_new_price_and_keeps_the_id(tx: Tx) -> None:
    store.put(tx, [sku("A")], now=MORNING)
    before = tx.scalar(text("SELECT id FROM sku"))
    store.put(tx, [sku("A", price_minor=90)], now=MORNING)

    assert store.page(tx) == [sku("A", price_minor=90)]
    assert tx.scalar(text("SELECT id FROM sku")) == before


def test_a_page_goes_on_behind_the_last_code(tx: Tx) -> None:
    store.put(tx, [sku(code) for code in "CABD"], now=MORNING)

    first = store.page(tx, at_most=2)
    rest = store.page(tx, after=first[-1].code, at_most=9)

    assert [goods.code for goods in first + rest] == ["A", "B", "C", "D"]


@pytest.mark.parametrize("wrong", [sku("mug"), sku("MUG", price_minor=-1)])
def test_the_database_itself_refuses_other_spellings_and_negative_prices(
    tx: Tx, wrong: Sku
) -> None:
    with pytest.raises(IntegrityError):
        store.put(tx, [wrong], now=MORNING)
