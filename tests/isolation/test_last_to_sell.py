"""One warehouse at least keeps selling, whoever closes the others at the same moment."""

from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest

from app.db.transaction import Isolation, attempt, begin
from app.orders.catalog_api import router
from orders_core.catalog import warehouse, warehouse_store
from orders_core.catalog.warehouse import LastToSell
from orders_core.catalog.warehouse_store import Warehouse
from orders_core.tx import Tx
from tests.doors import open_doors
from tests.shop import Shop
from tests.together import together

MAIN = Warehouse(code="main", name_zh="总仓", name_en="Main", country="CN")
ANNEX = replace(MAIN, code="annex", name_zh="分仓", name_en="Annex")


def selling(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return warehouse_store.selling(tx)


def close_both(shop: Shop, isolation: Isolation | None) -> list[str]:
    """Let two operators close a warehouse each; both have looked before either writes."""
    with begin(shop.engine) as tx:
        for one in (MAIN, ANNEX):
            warehouse_store.put(tx, one)
    meeting = Barrier(2)

    def close(one: Warehouse) -> str:
        is_first_try = True

        def work(tx: Tx) -> None:
            nonlocal is_first_try
            warehouse.put(tx, replace(one, sells=False))
            if is_first_try:
                is_first_try = False
                meeting.wait(timeout=10)

        try:
            attempt(shop.engine, work, isolation=isolation)
        except LastToSell:
            return "refused"
        return "closed"

    return sorted(together(partial(close, MAIN), partial(close, ANNEX)))


def test_of_two_who_close_the_last_two_one_is_refused(shop: Shop) -> None:
    assert close_both(shop, "SERIALIZABLE") == ["closed", "refused"]
    assert selling(shop) == 1


@pytest.mark.parametrize("isolation", [None, "REPEATABLE READ"])
def test_at_a_lower_level_both_close_and_nothing_is_for_sale(
    shop: Shop, isolation: Isolation | None
) -> None:
    assert close_both(shop, isolation) == ["closed", "closed"]
    assert selling(shop) == 0


def test_over_http_two_clerks_at_once_leave_one_warehouse_selling(shop: Shop) -> None:
    body = {"name_zh": "仓", "name_en": "Stock", "country": "CN"}
    with open_doors(shop, router) as doors:
        for _ in range(5):
            for code in ("main", "annex"):
                doors.call("PUT", f"/v1/warehouses/{code}", body)
            closed = {**body, "sells": False}
            told = together(
                *[
                    partial(doors.call, "PUT", f"/v1/warehouses/{code}", closed)
                    for code in ("main", "annex")
                ]
            )

            assert sorted(answer.status_code for answer in told) == [200, 409]
            [refused] = [answer for answer in told if answer.status_code == 409]
            assert refused.json()["code"] == "last_to_sell"
            assert selling(shop) == 1


def test_one_that_never_sold_may_be_written_so_whatever_else_sells(tx: Tx) -> None:
    warehouse.put(tx, ANNEX)
    warehouse.put(tx, replace(MAIN, sells=False))

    warehouse.put(tx, replace(MAIN, code="cellar", sells=False))

    with pytest.raises(LastToSell, match="annex is the last warehouse that sells"):
        warehouse.put(tx, replace(ANNEX, sells=False))
