"""Many tills, one shelf: every unit is sold once, and nobody waits in a circle."""

import time
from functools import partial
from random import Random

from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import OrderId
from orders_core.orders.order import OrdersError, OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.tx import Tx
from tests.buying import (
    LAMP,
    MUG,
    TEA,
    bought,
    buy,
    fill,
    level,
    moved,
    out_of_balance,
    paid,
    rows,
    wish,
)
from tests.dice import dice
from tests.shop import Shop
from tests.together import together

UNITS = 300
PLENTY = 1_000_000


def sell(shop: Shop, *, seed: int) -> tuple[int, int]:
    """Ask for mixed quantities in small batches, ones at the end; return orders and units got."""
    chance = dice(seed)
    batches = [[chance.randint(1, 5) for _ in range(chance.randint(1, 4))] for _ in range(40)]
    orders = units = 0
    for quantities in [*batches, [1] * 5]:
        with begin(shop.engine) as tx:
            outcomes = buy(tx, *[wish((MUG, quantity)) for quantity in quantities])
        got = [q for q, o in zip(quantities, outcomes, strict=True) if isinstance(o, Placed)]
        orders, units = orders + len(got), units + sum(got)
    return orders, units


def test_eight_tills_sell_exactly_what_is_there(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: UNITS})

    sold = together(*[partial(sell, shop, seed=seed) for seed in range(8)])

    orders, units = (sum(numbers) for numbers in zip(*sold, strict=True))
    with begin(shop.engine) as tx:
        assert units == level(tx, MUG).reserved == UNITS
        assert orders == rows(tx, "orders") == rows(tx, "reservation") == rows(tx, "outbox")
        assert out_of_balance(tx) == []


def test_one_key_at_many_tills_at_once_is_one_order(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 9})

    def ask() -> object:
        with begin(shop.engine) as tx:
            return buy(tx, wish((MUG, 2), key="k"))[0]

    first, *others = together(*[ask] * 6)

    assert isinstance(first, Placed)
    assert others == [first] * 5
    with begin(shop.engine) as tx:
        assert (rows(tx, "orders"), level(tx, MUG).reserved) == (1, 2)


def test_a_storm_of_orders_payments_shipments_cancels_and_counts_never_deadlocks(
    shop: Shop,
) -> None:
    with begin(shop.engine) as tx:
        fill(tx, dict.fromkeys((MUG, TEA, LAMP), PLENTY))
        known = [bought(tx, (MUG, 1), (TEA, 1), (LAMP, 1)) for _ in range(50)]
    ends = time.monotonic() + 3

    together(*[partial(_storm, shop, known, dice(seed), ends) for seed in range(6)])

    with begin(shop.engine) as tx:
        deadlocks = tx.execute(
            text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        ).scalar_one()
        assert deadlocks == 0
        assert rows(tx, "orders") > 100
        assert out_of_balance(tx) == []


def _storm(shop: Shop, known: list[OrderId], chance: Random, ends: float) -> None:
    while time.monotonic() < ends:
        try:
            with begin(shop.engine) as tx:
                new = _anything(tx, chance.choice(known), chance)
            known += new  # once it is committed: before, nobody else can see it
        except OrdersError:
            continue  # another thread had moved the order already


def _anything(tx: Tx, order_id: OrderId, chance: Random) -> list[OrderId]:
    """Do something to an order or beside it; return the orders that this made."""
    match chance.randrange(6):
        case 0 | 1:
            wanted = [(code, 1) for code in chance.sample([MUG, TEA, LAMP], 2)]
            return [bought(tx, *wanted, (chance.choice([MUG, TEA, LAMP]), 1))]
        case 2:
            paid(tx, order_id)
        case 3:
            moved(tx, order_id, OrderStatus.SHIPPED)
        case 4:
            moved(tx, order_id, OrderStatus.CANCELLED)
        case _:
            fill(tx, {chance.choice([MUG, TEA, LAMP]): PLENTY})
    return []
