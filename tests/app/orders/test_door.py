"""The door: who may order at all, and that every order that came in gets an answer."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from app.db.engine import make_engine
from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.orders.door import OrderDoor
from app.people.store import known_people
from orders_core.errors import NotFound
from orders_core.ids import PersonId, new_id
from orders_core.orders.outcome import Placed
from orders_core.tx import Tx
from tests.buying import MUG, fill, move_in, rows, wish
from tests.cast import ANA, BEN
from tests.shop import Shop


@pytest.fixture
def till(shop: Shop) -> Shop:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 100})
        move_in(tx, ANA)
    return shop


class Register:
    """Who is known, counting how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[set[PersonId]] = []

    def __call__(self, tx: Tx, people: Collection[PersonId]) -> Collection[PersonId]:
        self.asked.append(set(people))
        return known_people(tx, people)


def play(
    shop: Shop, register: Register, scene: Callable[[OrderDoor], Coroutine[Any, Any, None]]
) -> None:
    async def run() -> None:
        door = OrderDoor(
            shop.engine,
            clock=shop.clock,
            known_people=register,
            loop=asyncio.get_running_loop(),
        )
        await scene(door)
        assert await asyncio.to_thread(door.close)

    asyncio.run(run())


def test_a_stranger_is_not_found_and_holds_nobody_else_up(till: Shop) -> None:
    async def scene(door: OrderDoor) -> None:
        stranger = replace(wish((MUG, 1)), person_id=PersonId(new_id()))
        outcomes = await asyncio.gather(
            *map(door.submit, [wish((MUG, 1)), stranger, wish((MUG, 2))])
        )
        assert [type(outcome) for outcome in outcomes] == [Placed, NotFound, Placed]

    play(till, Register(), scene)
    with begin(till.engine) as tx:
        assert rows(tx, "orders") == 2


def test_strangers_alone_never_reach_the_shelf(till: Shop) -> None:
    async def scene(door: OrderDoor) -> None:
        assert isinstance(await door.submit(wish((MUG, 1), who=BEN)), NotFound)

    play(till, Register(), scene)


def test_whoever_is_known_is_asked_about_once_and_a_stranger_every_time(till: Shop) -> None:
    register = Register()

    async def scene(door: OrderDoor) -> None:
        for who in (ANA, ANA, BEN, BEN):
            await door.submit(wish((MUG, 1), who=who))

    play(till, register, scene)
    assert register.asked == [{ANA.person_id}, {BEN.person_id}, {BEN.person_id}]


def test_a_person_who_moves_in_may_order_at_once(till: Shop) -> None:
    async def scene(door: OrderDoor) -> None:
        assert isinstance(await door.submit(wish((MUG, 1), who=BEN)), NotFound)
        with begin(till.engine) as tx:
            move_in(tx, BEN)
        assert isinstance(await door.submit(wish((MUG, 1), who=BEN)), Placed)

    play(till, Register(), scene)


def test_closing_places_what_still_waits(till: Shop) -> None:
    async def scene(door: OrderDoor) -> None:
        waiting = [door.submit(wish((MUG, 1))) for _ in range(50)]
        assert await asyncio.to_thread(door.close)
        assert {type(outcome) for outcome in await asyncio.gather(*waiting)} == {Placed}

    play(till, Register(), scene)
    with begin(till.engine) as tx:
        assert rows(tx, "orders") == 50


def test_a_database_that_is_away_is_said_to_everyone(shop: Shop) -> None:
    nowhere = replace(shop, engine=make_engine("postgresql://shop@127.0.0.1:9/shop"))

    async def scene(door: OrderDoor) -> None:
        told = await asyncio.gather(*map(door.submit, [wish((MUG, 1))] * 2), return_exceptions=True)
        assert [type(fault) for fault in told] == [EngineUnreachable] * 2

    play(nowhere, Register(), scene)
