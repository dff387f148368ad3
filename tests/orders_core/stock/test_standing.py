"""A level tells when few are left, when none are, and when there are some again, whoever did it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from orders_core.events import Change, Ring
from orders_core.ids import new_id
from orders_core.orders.order import OrderStatus
from orders_core.stock.level import BelowReserved, Cause, Move, Wanted, arrange, record
from orders_core.stock.store import Level
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, level, moved
from tests.shop import MORNING

NOON = MORNING + timedelta(hours=2)


def told(tx: Tx) -> Sequence[str]:
    """Return the stock events since the goods were put on sale."""
    query = "SELECT type FROM outbox WHERE type LIKE 'stock.%' AND state <> 'done' ORDER BY version"
    return tx.scalars(text(query)).all()


def put(tx: Tx, wanted: Wanted) -> Level:
    return arrange(tx, MUG, "main", wanted, change=change("clerk", why="counted", at=NOON))


def test_what_is_left_out_stays_as_it_is(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    put(tx, Wanted(safety_stock=2, low_at=3, oversell_limit=1))

    after = put(tx, Wanted(on_hand=8))

    assert (after.on_hand, after.safety_stock, after.low_at, after.oversell_limit) == (8, 2, 3, 1)
    assert after.available == 7
    assert put(tx, Wanted(low_at=None)).low_at is None


def test_setting_terms_moves_no_goods(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    put(tx, Wanted(safety_stock=2))

    assert tx.scalar(text("SELECT count(*) FROM movement")) == 1
    assert level(tx, MUG).on_hand == 10


def test_an_oversell_limit_cannot_be_lowered_below_what_is_promised(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    put(tx, Wanted(oversell_limit=3))
    bought(tx, (MUG, 3))

    with pytest.raises(BelowReserved):
        put(tx, Wanted(oversell_limit=1))


def test_few_none_and_some_again_are_told_once_each(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    put(tx, Wanted(low_at=2))

    bought(tx, (MUG, 2))
    order_id = bought(tx, (MUG, 1))
    bought(tx, (MUG, 2))
    moved(tx, order_id, OrderStatus.CANCELLED)
    put(tx, Wanted(on_hand=20))

    assert told(tx) == ["stock.updated", "stock.low", "stock.out", "stock.back", "stock.plenty"]


def test_safety_stock_counts_as_none_to_sell(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    assert put(tx, Wanted(safety_stock=5)).standing == "out"
    assert told(tx) == ["stock.out"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE level SET on_hand = 0", ["stock.out"]),
        ("UPDATE level SET low_at = 5", ["stock.low"]),
        ("UPDATE level SET reserved = 5", ["stock.out"]),
        ("UPDATE level SET short = 5", ["stock.out"]),
        ("UPDATE level SET standing = 'out'", []),
        ("UPDATE level SET on_hand = 4", []),
        ("UPDATE level SET safety_stock = 1", ["stock.updated"]),
    ],
)
def test_a_change_by_hand_in_sql_is_told_like_any_other(
    tx: Tx, statement: str, expected: Sequence[str]
) -> None:
    fill(tx, {MUG: 5})

    tx.execute(text(statement))

    assert told(tx) == expected


def test_what_a_clerk_changed_says_who_why_and_when(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    put(tx, Wanted(on_hand=0))
    received = Move(code=MUG, warehouse="main", delta=9, cause=Cause.RECEIPT, cause_id=new_id())
    record(tx, received, change=Change(by="ben", why="receipt", at=NOON, ring=Ring.NEVER))

    query = "SELECT type, changed_by, change_reason, changed_at, ring FROM history ORDER BY version"
    last_two = [tuple(row) for row in tx.execute(text(query))][-2:]
    assert last_two == [
        ("stock.out", "clerk", "counted", NOON, "now"),
        ("stock.back", "ben", "receipt", NOON, "never"),
    ]


def test_the_first_count_of_a_warehouse_says_who_opened_the_level(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    arrange(tx, MUG, "annex", Wanted(on_hand=2), change=change("dora", why="counted", at=NOON))

    query = "SELECT changed_by FROM history WHERE new->>'warehouse' = 'annex'"
    assert set(tx.scalars(text(query))) == {"dora"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE movement SET delta = 1",
        "UPDATE movement SET moved_by = 'nobody'",
        "DELETE FROM movement",
        "TRUNCATE movement",
    ],
)
def test_what_moved_stays_written(tx: Tx, statement: str) -> None:
    fill(tx, {MUG: 5})

    with pytest.raises(DBAPIError, match="movements are never changed: correct one by another"):
        tx.execute(text(statement))
