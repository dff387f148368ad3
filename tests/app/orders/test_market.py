"""How units are found is asked of a rule table, once for each kind of order, and written down."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.orders.door import OrderDoor
from app.orders.flush import Till, flush
from app.orders.guide import Guide
from app.orders.market import QUIET, TABLE
from app.rules import rule
from app.rules import store as rules
from app.rules.replay import replay
from orders_core.ids import show
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Placed
from tests.buying import LAMP, MUG, TEA, fill, out_of_balance, rows, wish
from tests.shop import MORNING, Shop
from tests.stocked import EAST, HOME, claims, open_warehouse, sell_ahead

AT_HOME = replace(wish((MUG, 1)), ship_to=HOME)
ALWAYS = """\
table,order_allocation,first,complete
column,when units,then strategy,then may_split,note
sort,number >= 1,word,flag,
rule,-,{strategy},{may_split},
"""


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Two warehouses sell."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 50, TEA: 50, LAMP: 0})
        open_warehouse(tx, EAST, {MUG: 50, TEA: 50})
    return shop


def guide(shop: Shop) -> Guide:
    return Guide(shop.engine, clock=shop.clock, life_seconds=0)


def sold(shop: Shop, *requests: PlaceRequest) -> list[Placed]:
    till = Till(clock=shop.clock, market=guide(shop).market())
    outcomes = flush(shop.engine, requests, till)
    assert all(isinstance(outcome, Placed) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Placed)]


def publish(shop: Shop, strategy: str, *, may_split: str = "yes") -> int:
    with begin(shop.engine) as tx:
        sheet = ALWAYS.format(strategy=strategy, may_split=may_split)
        saved = rule.save(tx, sheet, by="clerk", why="test", now=MORNING)
        rule.publish(tx, TABLE, saved.version)
        return saved.version


def test_with_one_warehouse_nobody_is_asked(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5})

    assert guide(shop).market() is QUIET
    sold(shop, AT_HOME)

    with begin(shop.engine) as tx:
        assert rows(tx, "ruling") == 0


def test_each_order_is_placed_as_the_table_says_and_its_ruling_is_about_it(two: Shop) -> None:
    several = replace(wish((MUG, 1), (TEA, 1)), ship_to=HOME)

    placed = sold(two, AT_HOME, several, wish((MUG, 1)))

    with begin(two.engine) as tx:
        assert claims(tx) == [(MUG, EAST, 1), (MUG, "main", 1), (MUG, "main", 1), (TEA, "main", 1)]
        ruled = {
            r.about: (r.answers[0]["strategy"], r.version)
            for r in rules.rulings(tx, TABLE, at_most=9)
        }
        assert out_of_balance(tx) == []
    names = [show("ord", outcome.order_id) for outcome in placed]
    assert ruled == dict(
        zip(names, [("nearest", 1), ("fewest_splits", 1), ("priority", 1)], strict=True)
    )


def test_every_ruling_comes_out_the_same_when_it_is_asked_again(two: Shop) -> None:
    sold(two, *[replace(AT_HOME, key=f"k{number}") for number in range(9)])
    publish(two, "most_stock")
    sold(two, AT_HOME, wish((MUG, 2), (TEA, 1)))

    with begin(two.engine) as tx:
        found = replay(tx, TABLE)

    assert (found.asked, found.same_percent) == (11, 100.0)


def test_the_same_key_again_is_not_ruled_again(two: Shop) -> None:
    keyed = replace(AT_HOME, key="k")

    sold(two, keyed, keyed)
    sold(two, keyed)

    with begin(two.engine) as tx:
        assert rows(tx, "orders") == rows(tx, "ruling") == 1


def test_an_order_that_was_not_placed_is_not_ruled_about(two: Shop) -> None:
    till = Till(clock=two.clock, market=guide(two).market())
    flush(two.engine, [replace(wish((MUG, 999)), ship_to=HOME)], till)

    with begin(two.engine) as tx:
        assert rows(tx, "ruling") == 0


def test_goods_on_pre_order_are_told_to_the_table(two: Shop) -> None:
    with begin(two.engine) as tx:
        sell_ahead(tx, LAMP, 5)

    [said] = guide(two).market().guided([replace(wish((LAMP, 1)), ship_to=HOME)])

    assert said.allocation == Allocation(Strategy.PRIORITY, may_split=True, version=1)


def test_a_new_version_rules_from_the_next_look_on(two: Shop) -> None:
    version = publish(two, "most_stock", may_split="no")

    [said] = guide(two).market().guided([AT_HOME])

    assert said.allocation == Allocation(Strategy.MOST_STOCK, may_split=False, version=version)


def test_a_table_that_names_no_strategy_we_know_leaves_the_usual_one(two: Shop) -> None:
    publish(two, "by-feeling")

    sold(two, AT_HOME)

    with begin(two.engine) as tx:
        assert claims(tx) == [(MUG, "main", 1)]


def test_a_table_that_asks_for_what_no_order_says_leaves_the_usual_one(two: Shop) -> None:
    with begin(two.engine) as tx:
        sheet = ALWAYS.format(strategy="nearest", may_split="yes").replace("units", "mood")
        saved = rule.save(tx, sheet, by="clerk", why="test", now=MORNING)
        rule.publish(tx, TABLE, saved.version)

    sold(two, AT_HOME)

    with begin(two.engine) as tx:
        assert (claims(tx), rows(tx, "ruling")) == ([(MUG, "main", 1)], 0)


def test_the_market_is_read_anew_every_two_seconds_and_no_sooner(two: Shop) -> None:
    ticks = iter([0.0, 1.9, 2.0])
    guided = Guide(two.engine, clock=two.clock, tick=lambda: next(ticks))

    first, again, anew = guided.market(), guided.market(), guided.market()

    assert first is again
    assert anew is not first


def test_an_answer_is_asked_for_once_for_each_kind_of_order(two: Shop) -> None:
    market = guide(two).market()

    market.guided([AT_HOME] * 5 + [replace(AT_HOME, key="k")])

    assert len(market.said) == 1


def test_the_real_door_guides_its_orders(two: Shop) -> None:
    async def scene() -> object:
        door = OrderDoor(
            two.engine,
            clock=two.clock,
            known_people=lambda _tx, people: people,
            loop=asyncio.get_running_loop(),
            hold=timedelta(minutes=30),
        )
        outcome = await door.submit(AT_HOME)
        await asyncio.to_thread(door.close)
        return outcome

    outcome = asyncio.run(scene())

    assert isinstance(outcome, Placed)
    assert outcome.pay_until == MORNING + timedelta(minutes=30)
    with begin(two.engine) as tx:
        about = tx.scalar(text("SELECT about FROM ruling"))
    assert about == show("ord", outcome.order_id)
