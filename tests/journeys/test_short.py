"""Many orders go short at one count: each shopper hears once, each choice ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import text

from app.db.transaction import attempt, begin
from app.house import House
from app.messages import capture
from app.orders.make_way import way_maker
from app.subscribers import short as chore
from app.subscribers.drain import drain
from app.wiring import open_channels
from channels.fake.channel import Fake
from orders_core.events import Change
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.orders.outcome import Placed
from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.choice import Choice, NothingShort, NotOffered, Refund, Swap, Wait
from orders_core.shortage.choose import choose
from orders_core.stock import level
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, buy, fill, move_in, out_of_balance, paid, wish
from tests.cast import ANA, BEN
from tests.dice import dice
from tests.pages_app import settings_of
from tests.shop import Shop
from tests.together import together

SEEDS = [
    pytest.param(24, 7, id="few"),
    pytest.param(300, 11, id="300", marks=[pytest.mark.long, pytest.mark.timeout(600)]),
]
TOLD = "SELECT order_id FROM verdict WHERE notice = 'order_short'"
OWED = "SELECT state FROM shortage WHERE state IN ('open', 'waiting')"
ENDS = """SELECT s.state FROM shortage s JOIN orders o ON o.id = s.order_id
WHERE o.paid_at IS NOT NULL"""
CASES = "SELECT question FROM support_case WHERE about IS NOT NULL"


@pytest.fixture
def house(shop: Shop) -> House:
    settings = settings_of(shop, redis_url="")
    channels = dict(open_channels(settings, engine=shop.engine, clock=shop.clock))
    channels["email"] = Fake("email", capture.outbox_record(shop.engine, shop.clock))
    return House(settings=settings, engine=shop.engine, clock=shop.clock, channels=channels)


def ordered(tx: Tx, shoppers: int, chance: Random) -> list[OrderId]:
    """Let everybody buy tea and a lamp; most pay."""
    fill(tx, {TEA: 3 * shoppers, LAMP: shoppers, MUG: 5 * shoppers})
    people = [
        replace(chance.choice([ANA, BEN]), person_id=PersonId(new_id()), name=str(number))
        for number in range(shoppers)
    ]
    move_in(tx, *people)
    placed = []
    for who in people:
        [outcome] = buy(tx, wish((TEA, chance.randint(1, 3)), (LAMP, 1), who=who))
        assert isinstance(outcome, Placed)
        placed.append(outcome.order_id)
        if chance.random() < 0.8:
            paid(tx, outcome.order_id)
    return placed


def counted(house: House, on_hand: int) -> None:
    """Count the tea; orders that cannot ship turn short by table."""
    by = Change(by="clerk", why="counted", at=house.clock.now())
    with begin(house.engine) as tx:
        level.arrange(
            tx, TEA, WAREHOUSE, {"on_hand": on_hand}, change=by, make_way=way_maker(tx, change=by)
        )


def chosen(house: House, order_id: OrderId, choice: Choice) -> bool:
    """Let one click of a shopper through; say whether it counted."""
    by = Change(by="shopper", why="asked_by_shopper", at=house.clock.now())

    def click(tx: Tx) -> bool:
        return choose(tx, order_id, choice, change=by).is_new

    try:
        return attempt(house.engine, click)
    except (NothingShort, NotOffered):
        return False


def choose_all(house: House, orders: Sequence[OrderId], chance: Random) -> None:
    """Let most choose, many of them twice at the same moment: of two clicks one counts."""
    until = house.clock.now() + timedelta(days=7)
    for order_id in orders:
        choices: list[Choice] = [Wait(until), Swap(MUG), Refund()]
        picked = chance.choice(choices)
        match chance.randrange(4):
            case 0:  # who says nothing
                continue
            case 1:
                chosen(house, order_id, picked)
            case 2:
                clicks = together(
                    partial(chosen, house, order_id, picked),
                    partial(chosen, house, order_id, picked),
                )
                assert sum(clicks) <= 1
            case _:
                together(
                    *(partial(chosen, house, order_id, one) for one in chance.sample(choices, 2))
                )


def lived_through(house: House) -> None:
    """Do every chore that is due, and tell everybody of it."""
    while chore.run_due(house, lambda: True):
        pass
    drain(house)


def counts(house: House, query: str) -> Counter[object]:
    """Count rows by the one column that a query returns."""
    with begin(house.engine) as tx:
        return Counter(tx.scalars(text(query)))


@pytest.mark.parametrize(("shoppers", "seed"), SEEDS)
def test_each_shopper_hears_once_and_each_choice_ends(
    house: House, shop: Shop, shoppers: int, seed: int
) -> None:
    chance = dice(seed)
    with begin(house.engine) as tx:
        orders = ordered(tx, shoppers, chance)
    drain(house)

    counted(house, 1)
    counted(house, 0)
    drain(house)
    assert counts(house, TOLD) == Counter(orders)
    assert counts(house, CASES) == Counter(["TEA · main"])

    choose_all(house, orders, chance)
    shop.clock.advance(timedelta(days=3))
    counted(house, shoppers // 3)
    lived_through(house)
    shop.clock.advance(timedelta(days=5))
    lived_through(house)
    assert not counts(house, OWED)["waiting"]

    for order_id in orders:  # who said nothing until now
        chosen(house, order_id, Refund())
    lived_through(house)
    assert counts(house, OWED) == Counter()
    assert set(counts(house, ENDS)) == {"swapped", "refunded", "filled"}  # who has paid, that is
    assert counts(house, TOLD) == Counter(orders)
    assert counts(house, CASES) == Counter(["TEA · main"])
    with begin(house.engine) as tx:
        assert out_of_balance(tx) == []
