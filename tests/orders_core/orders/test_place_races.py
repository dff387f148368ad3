"""Eight tills at once over several warehouses, carts and pre-orders: exactly what fits is sold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.money import Money
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Placed
from orders_core.orders.place import place
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, change, fill, out_of_balance, rows, wish
from tests.dice import dice
from tests.shop import MORNING, Shop
from tests.stocked import EAST, MAIN, ROTTERDAM, held, open_warehouse, sell_ahead
from tests.together import together
from tests.waiting import behind

TILLS = 8
LOCK = text(
    "SELECT 1 FROM level l JOIN sku s ON s.id = l.sku_id"
    " WHERE s.code = :code AND l.warehouse = :warehouse FOR UPDATE OF l NOWAIT"
)
HALF_AN_HOUR = timedelta(minutes=30)
Basket = Callable[[int], PlaceRequest]


def sell(shop: Shop, basket: Basket, *, seed: int, batches: int = 15) -> Counter[str]:
    """Ask for baskets in batches, a transaction each, until nobody gets any; count the units."""
    chance = dice(seed)
    got: Counter[str] = Counter()
    for _ in range(batches):
        requests = [basket(chance.randrange(1_000_000)) for _ in range(chance.randint(1, 5))]
        with begin(shop.engine) as tx:
            outcomes = place(tx, requests, change=change("shopper"), hold=HALF_AN_HOUR)
        for request, outcome in zip(requests, outcomes, strict=True):
            if isinstance(outcome, Placed):
                got["orders"] += 1
                for line in request.lines:
                    got[line.code] += line.quantity
    return got


def at_eight_tills(shop: Shop, basket: Basket) -> Counter[str]:
    sold = together(*[partial(sell, shop, basket, seed=seed) for seed in range(TILLS)])
    return sum(sold, Counter())


def ones(shop: Shop, *codes: str) -> Counter[str]:
    """Buy what is left, one unit at a time."""
    got: Counter[str] = Counter()
    for code in codes:
        with begin(shop.engine) as tx:
            outcomes = place(tx, [wish((code, 1))] * 100, change=change("shopper"))
        got[code] += sum(isinstance(outcome, Placed) for outcome in outcomes)
    return got


def deadlocks(tx: Tx) -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(tx.execute(text(query)).scalar_one())


def hot(number: int) -> PlaceRequest:
    return wish((MUG, 1 + number % 4))


def cart(number: int) -> PlaceRequest:
    """Ask for two or three kinds, in any order, found in any of the four ways."""
    kinds = [(MUG, 1 + number % 3), (TEA, 1 + number % 2), (LAMP, 1)]
    chosen = [kinds[(number + step) % 3] for step in range(2 + number % 2)]
    strategy = list(Strategy)[number % 4]
    return replace(wish(*chosen), allocation=Allocation(strategy, may_split=number % 5 > 0))


def test_one_hot_sku_in_three_warehouses_is_sold_to_the_last_unit(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 100})
        open_warehouse(tx, EAST, {MUG: 60})
        open_warehouse(tx, ROTTERDAM, {MUG: 40})

    sold = at_eight_tills(shop, hot) + ones(shop, MUG)

    with begin(shop.engine) as tx:
        assert sold[MUG] == 200
        assert held(tx, MUG) == {MAIN: (100, 100), EAST: (60, 60), ROTTERDAM: (40, 40)}
        assert out_of_balance(tx) == []


def test_carts_over_three_warehouses_sell_no_unit_twice_and_never_deadlock(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 120, TEA: 40, LAMP: 30})
        open_warehouse(tx, EAST, {MUG: 30, TEA: 50, LAMP: 60})
        open_warehouse(tx, ROTTERDAM, {MUG: 20, TEA: 60})

    sold = at_eight_tills(shop, cart)
    sold += ones(shop, MUG, TEA, LAMP)

    with begin(shop.engine) as tx:
        promised = {code: sum(r for _, r in held(tx, code).values()) for code in (MUG, TEA, LAMP)}
        assert promised == {code: sold[code] for code in promised}
        assert promised == {MUG: 170, TEA: 150, LAMP: 90}
        assert deadlocks(tx) == 0
        assert out_of_balance(tx) == []


def test_a_pre_order_is_sold_to_its_threshold_while_its_goods_arrive(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 150)

    def clerk() -> Counter[str]:
        for on_hand in range(10, 110, 10):
            with begin(shop.engine) as tx:
                fill(tx, {LAMP: on_hand})
        return Counter()

    tills = [
        partial(sell, shop, lambda number: wish((LAMP, 1 + number % 3)), seed=seed)
        for seed in range(TILLS - 1)
    ]
    sold = sum(together(clerk, *tills), Counter()) + ones(shop, LAMP)

    with begin(shop.engine) as tx:
        assert sold[LAMP] == 150
        assert held(tx, LAMP) == {MAIN: (100, 150)}
        assert out_of_balance(tx) == []


@pytest.mark.parametrize("basket", [hot, cart])
def test_units_whose_time_is_up_are_sold_again_once_each(shop: Shop, basket: Basket) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 60, TEA: 60, LAMP: 60})
        open_warehouse(tx, EAST, {MUG: 20, TEA: 20, LAMP: 20})
        stale = [wish((MUG, 2), (TEA, 1), (LAMP, 1))] * 40
        place(tx, stale, change=change(at=MORNING - HALF_AN_HOUR), hold=HALF_AN_HOUR)
        assert held(tx, MUG) == {MAIN: (60, 60), EAST: (20, 20)}

    sold = at_eight_tills(shop, basket)
    sold += ones(shop, MUG)

    with begin(shop.engine) as tx:
        assert sold[MUG] == 80
        assert rows(tx, "orders", "status = 'cancelled'") == 40
        assert deadlocks(tx) == 0
        assert out_of_balance(tx) == []


def test_levels_are_locked_by_sku_and_warehouse_whatever_the_codes_are(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        for code in ("A-OLDEST", "A-NEWEST"):
            goods = Sku(code=code, title_zh=code, title_en=code, price=Money(100, "CNY"))
            catalog.put(tx, [goods], now=MORNING)
        # With its new code its row moves behind the other's: nothing but its id comes first.
        tx.execute(text("UPDATE sku SET code = 'Z-OLDEST' WHERE code = 'A-OLDEST'"))
        for code in ("A-NEWEST", "Z-OLDEST"):
            open_warehouse(tx, ROTTERDAM, {code: 5})
            open_warehouse(tx, EAST, {code: 5})

    def hold_the_first(tx: Tx) -> None:
        tx.execute(LOCK, {"code": "Z-OLDEST", "warehouse": EAST})

    def all_others_are_free(tx: Tx) -> None:
        for code, warehouse in (("Z-OLDEST", ROTTERDAM), ("A-NEWEST", EAST)):
            tx.execute(LOCK, {"code": code, "warehouse": warehouse})

    def buy(tx: Tx) -> object:
        return place(tx, [wish(("A-NEWEST", 1), ("Z-OLDEST", 1))], change=change())[0]

    outcome = behind(shop, hold_the_first, buy, meanwhile=all_others_are_free)

    assert isinstance(outcome, Placed)
