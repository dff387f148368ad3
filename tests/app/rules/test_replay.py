"""What was ruled is ruled the same for ever: over tables made by dice, row for row."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from app.rules import standard, store
from app.rules.axis import Value
from app.rules.engine import plain
from app.rules.replay import replay
from app.rules.rule import ask_many, live, publish, save
from app.rules.sheet import write_sheet
from app.rules.table import Table
from app.rules.tables import ruling
from orders_core.tx import Tx
from tests.app.rules.tables import split
from tests.dice import dice
from tests.shop import MORNING


def questions(table: Table, rng: Random, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Return questions that the table's columns can hold, anywhere among its rows."""

    def value(at: int) -> Value:
        return rng.choice(table.axes[at].atoms)

    return [
        (
            f"ord_{n}",
            {column.name: plain(value(at)) for at, column in enumerate(table.inputs)},
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_generated_tables_say_the_same_when_they_are_asked_again(tx: Tx, seed: int):
    rng = dice(seed)
    for _ in range(3):  # three versions, each asked something
        table = split(rng)
        publish(tx, "refund", save(tx, write_sheet(table), by="lin", why="t", now=MORNING).version)
        ask_many(tx, "refund", questions(table, rng, 40), now=MORNING)

    again = replay(tx, "refund")

    assert (again.asked, again.same_percent, again.differing) == (120, 100, [])


@pytest.mark.parametrize("name", standard.names())
def test_the_tables_the_product_brings_say_the_same_again(tx: Tx, name: str):
    table = live(tx, name, now=MORNING).judge.table
    ask_many(tx, name, questions(table, dice(3), 100), now=MORNING)

    assert (replay(tx, name).asked, replay(tx, name).same_percent) == (100, 100)


@pytest.mark.parametrize("forged", [{"rows": [9]}, {"answers": [{"action": "x"}]}, {"given": {}}])
def test_one_forged_ruling_is_found_among_many(tx: Tx, forged: dict[str, Any]):
    rng = dice(1)
    table = split(rng)
    publish(tx, "refund", save(tx, write_sheet(table), by="lin", why="t", now=MORNING).version)
    ask_many(tx, "refund", questions(table, rng, 40), now=MORNING)
    victim = store.rulings(tx, "refund", at_most=40)[17]

    tx.execute(update(ruling).where(ruling.c.id == victim.id).values(**forged))

    again = replay(tx, "refund")
    assert [one.id for one in again.differing] == [victim.id]
    assert again.same_percent == pytest.approx(97.5)
