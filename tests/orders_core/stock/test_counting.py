"""Counts over several calls: all differences at once, sales in between respected, one counter."""

from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.locks.lease import LeaseHeld, LeaseLost
from orders_core.orders.order import OrderStatus
from orders_core.stock import rebuild
from orders_core.stock.counting import (
    AlreadyCounting,
    CountEnded,
    State,
    close,
    count_line,
    drop,
    open_count,
    read,
    take_over,
)
from orders_core.stock.level import BelowReserved
from orders_core.tx import Tx
from tests.buying import KIMONO, LAMP, MUG, TEA, bought, change, fill, level, moved, paid
from tests.shop import Shop
from tests.together import together

RUNS_OUT = text("UPDATE lease SET until = clock_timestamp() - interval '1 second'")


def begun(tx: Tx, *codes: str, by: str = "ana", warehouse: str = "main") -> tuple[UUID, int]:
    count, lease = open_count(tx, warehouse, codes=codes or None, change=change(by))
    return count.row.id, lease.token


def counted(tx: Tx, count_id: UUID, token: int, **units: int) -> None:
    for code, found in units.items():
        count_line(tx, count_id, code, found, token=token, change=change("ana"))


def closed(tx: Tx, count_id: UUID, token: int) -> None:
    close(tx, count_id, token=token, change=change("ana", why="counted"))


def on_hand(tx: Tx, *codes: str) -> list[int]:
    return [level(tx, code).on_hand for code in codes]


def test_nothing_moves_until_all_of_it_moves_at_once(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 5, LAMP: 3, KIMONO: 1})
    count_id, token = begun(tx)
    counted(tx, count_id, token, MUG=8, TEA=6, LAMP=3)
    before = on_hand(tx, MUG, TEA, LAMP, KIMONO)

    closed(tx, count_id, token)

    assert before == [10, 5, 3, 1]
    assert on_hand(tx, MUG, TEA, LAMP, KIMONO) == [8, 6, 3, 1]
    moves = tx.execute(
        text("SELECT delta, moved_by FROM movement WHERE cause_id = :i"), {"i": count_id}
    )
    assert sorted(tuple(row) for row in moves) == [(-2, "ana"), (1, "ana")]
    assert rebuild.compare(tx) == []


def test_goods_that_left_between_counting_and_closing_are_not_counted_twice(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    order_id = paid(tx, bought(tx, (MUG, 3)))
    count_id, token = begun(tx, MUG)
    counted(tx, count_id, token, MUG=9)  # one was missing while three were still there
    moved(tx, order_id, OrderStatus.SHIPPED)

    closed(tx, count_id, token)

    assert on_hand(tx, MUG) == [6]


def test_of_a_shelf_counted_twice_the_last_count_stands(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG)

    counted(tx, count_id, token, MUG=2)
    counted(tx, count_id, token, MUG=9)
    closed(tx, count_id, token)

    assert on_hand(tx, MUG) == [9]


def test_a_paused_counter_is_refused_once_another_took_over(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 5})
    count_id, paused = begun(tx)
    counted(tx, count_id, paused, MUG=1)
    tx.execute(RUNS_OUT)
    newest = take_over(tx, count_id, change=change("ben")).token

    for late in (
        lambda: closed(tx, count_id, paused),
        lambda: counted(tx, count_id, paused, TEA=1),
        lambda: drop(tx, count_id, token=paused, change=change("ana")),
    ):
        with pytest.raises(LeaseLost):
            late()
    assert on_hand(tx, MUG, TEA) == [10, 5]

    counted(tx, count_id, newest, MUG=10)
    closed(tx, count_id, newest)
    assert on_hand(tx, MUG, TEA) == [10, 5]


def test_nobody_takes_over_from_a_counter_who_has_time(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG)
    tx.execute(RUNS_OUT)
    counted(tx, count_id, token, MUG=9)  # renews

    with pytest.raises(LeaseHeld):
        take_over(tx, count_id, change=change("ben"))


def test_of_a_counter_and_who_takes_over_one_applies_the_count(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 10})
        count_id, paused = begun(tx, MUG)
        counted(tx, count_id, paused, MUG=7)
        tx.execute(RUNS_OUT)

    def resumes() -> str:
        try:
            with begin(shop.engine) as tx:
                closed(tx, count_id, paused)
        except LeaseLost:
            return "lost"
        return "closed"

    def takes_over() -> str:
        try:
            with begin(shop.engine) as tx:
                newest = take_over(tx, count_id, change=change("ben")).token
                closed(tx, count_id, newest)
        except (CountEnded, LeaseLost):
            return "lost"
        return "closed"

    # who resumes once the other has closed finds nothing left to do, like whoever closes twice
    assert "closed" in together(resumes, takes_over)
    with begin(shop.engine) as tx:
        assert (on_hand(tx, MUG), rebuild.compare(tx)) == ([7], [])


def test_a_count_closed_twice_at_the_same_moment_is_closed_to_both(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 10})
        count_id, token = begun(tx, MUG)
        counted(tx, count_id, token, MUG=7)

    def closes() -> str:
        with begin(shop.engine) as tx:
            return close(tx, count_id, token=token, change=change()).row.state

    assert together(closes, closes) == [State.CLOSED, State.CLOSED]
    with begin(shop.engine) as tx:
        assert (on_hand(tx, MUG), rebuild.compare(tx)) == ([7], [])


def test_two_open_counts_never_share_a_shelf(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 5})
    first, _ = begun(tx, MUG)

    with pytest.raises(AlreadyCounting, match="MUG in main is being counted in cnt_"):
        begun(tx)
    other, token = begun(tx, TEA, by="ben")
    with pytest.raises(AlreadyCounting):
        counted(tx, other, token, MUG=3)

    begun(tx, MUG, warehouse="annex")
    drop(tx, first, token=1, change=change())
    counted(tx, other, token, MUG=3)


def test_of_counts_opened_at_the_same_moment_one_gets_the_shelf(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 10, TEA: 5, LAMP: 3})

    def clerk() -> int:
        try:
            with begin(shop.engine) as tx:
                begun(tx, MUG, TEA)
        except AlreadyCounting:
            return 0
        return 1

    assert sum(together(*[clerk] * 4)) == 1


def test_a_count_below_what_is_promised_asks_first_and_then_refuses_all_of_it(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 5})
    bought(tx, (MUG, 6))
    count_id, token = begun(tx)
    counted(tx, count_id, token, MUG=4, TEA=1)
    asked: list[tuple[str, str, int]] = []

    nested = tx.begin_nested()
    with pytest.raises(BelowReserved, match="MUG cannot be set to 4: 6 are promised"):
        close(
            tx,
            count_id,
            token=token,
            change=change(),
            make_way=lambda *facts: asked.append(facts),
        )
    nested.rollback()

    assert asked == [(MUG, "main", 4)]
    assert on_hand(tx, MUG, TEA) == [10, 5]


def test_a_close_that_is_repeated_changes_nothing(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG)
    counted(tx, count_id, token, MUG=7)

    closed(tx, count_id, token)
    closed(tx, count_id, token)

    assert on_hand(tx, MUG) == [7]
    with pytest.raises(CountEnded, match="is closed"):
        counted(tx, count_id, token, MUG=7)
    with pytest.raises(CountEnded):
        take_over(tx, count_id, change=change())


def test_what_was_dropped_moves_nothing_and_stays_dropped(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG)
    counted(tx, count_id, token, MUG=7)

    drop(tx, count_id, token=token, change=change())

    assert (on_hand(tx, MUG), read(tx, count_id).row.state) == ([10], "dropped")
    with pytest.raises(CountEnded, match="is dropped"):
        closed(tx, count_id, token)


def test_goods_a_warehouse_never_held_can_be_found_there(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG, warehouse="annex")
    counted(tx, count_id, token, MUG=2)

    closed(tx, count_id, token)

    assert rebuild.compare(tx) == []
    assert tx.scalar(text("SELECT on_hand FROM level WHERE warehouse = 'annex'")) == 2


def test_what_nobody_sells_or_opened_is_not_found(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    count_id, token = begun(tx, MUG)

    with pytest.raises(NotFound, match="no SKU YETI"):
        begun(tx, "YETI")
    with pytest.raises(NotFound):
        counted(tx, count_id, token, YETI=1)
    with pytest.raises(NotFound):
        read(tx, new_id())
