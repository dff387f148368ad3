"""A pre-order's release, on a worker's rounds and on a jump of the clock."""

from datetime import timedelta

from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.subscribers import released
from app.subscribers.jump import jump
from orders_core.catalog import preorder_store
from orders_core.catalog import store as skus
from orders_core.ids import OrderId
from orders_core.orders.outcome import Placed
from tests.buying import LAMP, buy, fill, level, order, out_of_balance, paid, wish
from tests.shop import Shop
from tests.stocked import RELEASE, sell_ahead

SECOND = timedelta(seconds=1)


def deposited(shop: Shop) -> OrderId:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 10)
        [outcome] = buy(tx, wish((LAMP, 2)))
        assert isinstance(outcome, Placed)
        return paid(tx, outcome.order_id)


def test_at_the_release_the_pre_order_ends_and_its_balances_are_asked_for(
    house: House, shop: Shop
) -> None:
    order_id = deposited(shop)

    shop.clock.set(RELEASE - SECOND)
    early = released.run_due(house, lambda: True)
    shop.clock.set(RELEASE)
    done = released.run_due(house, lambda: True)
    again = released.run_due(house, lambda: True)

    assert (early, done, again) == (0, 2, 0)
    with begin(shop.engine) as tx:
        assert order(tx, order_id).balance_until == RELEASE + timedelta(hours=48)
        assert level(tx, LAMP).oversell_limit == 2
        assert out_of_balance(tx) == []


def test_a_worker_that_must_go_asks_for_nothing(house: House, shop: Shop) -> None:
    deposited(shop)
    shop.clock.set(RELEASE)

    assert released.run_due(house, lambda: False) == 0


def test_a_jump_stops_at_the_release_and_where_the_balance_was_not_paid(
    house: House, shop: Shop
) -> None:
    order_id = deposited(shop)

    jump(
        House(
            settings=house.settings,
            engine=house.engine,
            clock=BusinessClock(house.engine),
            channels=house.channels,
        ),
        forward=timedelta(days=10),
    )

    with begin(shop.engine) as tx:
        found = order(tx, order_id)
        ended = preorder_store.read(tx, skus.id_of(tx, LAMP))
        assert found.cancelled_at == RELEASE + timedelta(hours=48)
        assert ended is not None
        assert ended.ended_at == RELEASE
        assert out_of_balance(tx) == []
