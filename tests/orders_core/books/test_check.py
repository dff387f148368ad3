"""The books balance after any history, and each of their promises finds its own breach."""

from random import Random

import pytest

from orders_core.books.check import balanced, check, promises
from orders_core.books.promise import Invariant
from orders_core.books.run import run_step, run_whole
from orders_core.ids import OrderId
from orders_core.orders.order import IllegalMove, OrderStatus
from orders_core.tx import Tx
from tests.buying import (
    LAMP,
    MUG,
    TEA,
    bought,
    buy,
    fill,
    moved,
    out_of_balance,
    paid,
    rows,
    wish,
)
from tests.dice import dice
from tests.orders_core.books.fault import Fault
from tests.orders_core.books.faults import FAULTS, NAMES, one_of_each
from tests.shop import MORNING

AT_NIGHT = {one.name for one in promises() if one.about == "night"}


def busy(tx: Tx, chance: Random, steps: int) -> None:
    """Live through orders, payments, shipments, cancellations, and counts."""
    fill(tx, {MUG: 5_000, TEA: 40, LAMP: 20})
    known: list[OrderId] = [bought(tx, (MUG, 1))]
    for _ in range(steps):
        order_id = chance.choice(known)
        try:
            match chance.randrange(7):
                case 0 | 1:
                    buy(tx, *[wish((chance.choice([MUG, TEA, LAMP]), chance.randint(1, 30)))] * 3)
                case 2:
                    known.append(bought(tx, (MUG, 1)))
                case 3:
                    paid(tx, order_id)
                case 4:
                    moved(tx, order_id, OrderStatus.SHIPPED)
                case 5:
                    moved(tx, order_id, OrderStatus.CANCELLED)
                case _:
                    fill(tx, {MUG: 5_000 + chance.randint(0, 50)})
        except IllegalMove:
            continue


@pytest.mark.parametrize("seed", range(4))
def test_the_books_balance_after_a_busy_day(tx: Tx, seed: int) -> None:
    busy(tx, dice(seed), steps=80)

    assert rows(tx, "orders") > 20
    assert out_of_balance(tx) == []


def test_an_empty_shop_is_in_balance(tx: Tx) -> None:
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_every_promise_finds_its_breach_and_no_other_does(tx: Tx, fault: Fault) -> None:
    one_of_each(tx)
    assert out_of_balance(tx) == []

    fault.plant(tx)

    broken = {found.invariant.name for found in check(tx, now=MORNING) if not found.holds}
    assert broken == {fault.names, *fault.along}


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_a_step_finds_and_names_it_too(tx: Tx, fault: Fault) -> None:
    one_of_each(tx)
    assert all(found.holds for found in run_whole(tx, promises(), now=MORNING).findings)

    fault.plant(tx)

    run = run_step(tx, promises(), now=MORNING)
    assert run.kind == "step"
    broken = {found.invariant.name for found in run.findings if not found.holds}
    assert broken == {fault.names, *fault.along} - AT_NIGHT


def test_every_promise_has_a_breach_planted() -> None:
    assert {one.name for one in promises()} == {fault.names for fault in FAULTS}


def test_every_promise_is_a_sentence_about_something() -> None:
    for invariant in promises():
        assert invariant.says[0].isupper()
        assert invariant.says.endswith(".")
        assert invariant.query.upper().startswith("SELECT")
        assert (
            invariant.has_steps
            or invariant.about in {"partition", "night", "bucket"}
            or ("_outlives_" in invariant.name)
        )


def test_a_finding_counts_what_breaks_a_promise_and_names_it(tx: Tx) -> None:
    findings = check(
        tx,
        [
            Invariant("two_are_wrong", "None is.", "VALUES ('b'), ('a'), ('b')"),
            Invariant("none_is_wrong", "None is.", "SELECT 'a' WHERE false"),
        ],
    )

    assert [(found.broken, list(found.first)) for found in findings] == [(2, ["a", "b"]), (0, [])]
    assert balanced(findings) == {"two_are_wrong": False, "none_is_wrong": True}
