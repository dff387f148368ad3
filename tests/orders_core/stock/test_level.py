"""Counting, receiving and scrapping: every unit on hand has a movement that explains it."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.stock.level import BelowReserved, Cause, Move, NothingMoves, count, record
from orders_core.stock.store import Level, levels
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, fill, level, out_of_balance, rows
from tests.shop import Shop
from tests.together import together


def counted(tx: Tx, on_hand: int, *, oversell_limit: int | None = None) -> Level:
    return count(
        tx, MUG, "main", on_hand=on_hand, oversell_limit=oversell_limit, change=change("clerk")
    )


def came(tx: Tx, delta: int, *, cause_id: UUID | None = None) -> Level:
    moved = Move(
        code=MUG, warehouse="main", delta=delta, cause=Cause.RECEIPT, cause_id=cause_id or new_id()
    )
    return record(tx, moved, change=change("clerk"))


def test_the_difference_of_a_count_becomes_a_movement(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    counted(tx, 7)

    deltas = tx.scalars(text("SELECT delta FROM movement ORDER BY id")).all()
    assert deltas == [10, -3]
    assert (level(tx, MUG).on_hand, out_of_balance(tx)) == (7, [])


def test_a_count_that_finds_what_the_books_say_moves_nothing(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    assert counted(tx, 10).on_hand == 10
    assert rows(tx, "movement") == 1


def test_a_shelf_cannot_hold_less_than_is_promised(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    bought(tx, (MUG, 3))

    with pytest.raises(BelowReserved, match="MUG cannot be set to 2: 3 are promised"):
        counted(tx, 2)


def test_an_oversell_limit_counts_as_room_for_promises(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    bought(tx, (MUG, 3))

    assert counted(tx, 1, oversell_limit=2).available == 0
    with pytest.raises(BelowReserved):
        counted(tx, 1, oversell_limit=1)


def test_a_count_without_a_limit_leaves_the_limit_as_it_is(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    counted(tx, 5, oversell_limit=4)

    assert counted(tx, 6).oversell_limit == 4


def test_goods_that_came_are_added_once_for_each_cause(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    delivery = new_id()

    came(tx, 3, cause_id=delivery)
    again = came(tx, 3, cause_id=delivery)

    assert (again.on_hand, out_of_balance(tx)) == (8, [])


def test_goods_that_are_promised_cannot_go(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    bought(tx, (MUG, 4))

    assert came(tx, -1).on_hand == 4
    with pytest.raises(BelowReserved):
        came(tx, -1)


def test_more_cannot_go_than_is_there_whatever_may_be_oversold(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    counted(tx, 5, oversell_limit=100)

    with pytest.raises(BelowReserved):
        came(tx, -6)


def test_a_movement_of_nothing_is_refused(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    with pytest.raises(NothingMoves):
        came(tx, 0)


def test_goods_the_shop_does_not_sell_have_no_level(tx: Tx) -> None:
    with pytest.raises(NotFound, match="no SKU MUG"):
        counted(tx, 1)
    with pytest.raises(NotFound, match="no SKU MUG"):
        came(tx, 1)


def test_the_first_count_of_a_warehouse_makes_its_level(tx: Tx) -> None:
    fill(tx, {MUG: 5, TEA: 0})

    found = count(tx, MUG, "annex", on_hand=2, oversell_limit=None, change=change())

    assert (found.warehouse, found.on_hand) == ("annex", 2)
    assert level(tx, MUG).on_hand == 5
    assert out_of_balance(tx) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE level SET on_hand = -1",
        "UPDATE level SET reserved = -1",
        "UPDATE level SET reserved = on_hand + 1",
        "UPDATE level SET oversell_limit = -1",
    ],
)
def test_the_database_itself_refuses_an_impossible_level(tx: Tx, statement: str) -> None:
    fill(tx, {MUG: 5})

    with pytest.raises(IntegrityError, match="ck_level"):
        tx.execute(text(statement))


def test_deliveries_at_the_same_moment_all_count(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 0})

    def unload() -> None:
        for _ in range(20):
            with begin(shop.engine) as tx:
                came(tx, 1)

    together(*[unload] * 4)

    with begin(shop.engine) as tx:
        assert (level(tx, MUG).on_hand, out_of_balance(tx)) == (80, [])


def test_a_page_of_levels_never_cuts_the_warehouses_of_a_sku_apart(tx: Tx) -> None:
    fill(tx, {MUG: 1, TEA: 1})
    for warehouse in ("annex", "zoo"):
        count(tx, MUG, warehouse, on_hand=2, oversell_limit=None, change=change())

    first = levels(tx, at_most=1)
    rest = levels(tx, after=first[-1].code, at_most=1)

    assert [(one.code, one.warehouse) for one in first + rest] == [
        (MUG, "annex"),
        (MUG, "main"),
        (MUG, "zoo"),
        (TEA, "main"),
    ]
