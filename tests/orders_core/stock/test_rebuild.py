"""Every level is the sum of what explains it, and can be made so again; and so at any past time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import SkuId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.stock import booking, store
from orders_core.stock.as_of import PastLevel, level_as_of, levels_as_of
from orders_core.stock.booking import BookingError, Wish
from orders_core.stock.bucket import hand_out
from orders_core.stock.level import BelowReserved, Cause, Move, Wanted, arrange, record
from orders_core.stock.rebuild import Counters, compare, repair, unrepaired
from orders_core.stock.room import NotEnough
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, fill, level, moved, paid
from tests.poll import until
from tests.shop import MORNING, Shop

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
MINUTE = timedelta(minutes=1)


def lived(tx: Tx) -> None:
    """Let a level live through sales, bookings and buckets."""
    fill(tx, {MUG: 20, TEA: 5})
    moved(tx, paid(tx, bought(tx, (MUG, 2))), OrderStatus.SHIPPED)
    bought(tx, (MUG, 3), (TEA, 1))
    booking.book(tx, [Wish(MUG, 4)], until=MORNING + MINUTE, change=change())
    sku_id = store.sku_id_of(tx, MUG)
    assert sku_id is not None
    hand_out(tx, (SkuId(sku_id), "main"), slots=2, units=5, change=change())


def test_a_level_that_lived_is_what_explains_it(tx: Tx) -> None:
    lived(tx)

    assert compare(tx) == []


@pytest.mark.parametrize("counter", ["on_hand", "reserved", "short"])
def test_a_counter_that_somebody_changed_is_named_and_set_right(tx: Tx, counter: str) -> None:
    lived(tx)
    before = level(tx, MUG)
    tx.execute(text(f"UPDATE level SET {counter} = {counter} + 1"))  # noqa: S608

    found = compare(tx)

    assert [(drift.code, drift.can_be) for drift in found] == [(MUG, True), (TEA, True)]
    assert getattr(found[0].present, counter) == getattr(found[0].due, counter) + 1
    assert repair(tx, change=change("operator", why="rebuilt")) == found
    assert (level(tx, MUG), compare(tx)) == (before, [])


def test_comparing_changes_nothing(tx: Tx) -> None:
    lived(tx)
    tx.execute(text("UPDATE level SET on_hand = on_hand + 1"))

    assert compare(tx) == compare(tx) != []


def test_a_level_that_only_its_movements_know_is_made(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    tx.execute(
        text(
            "INSERT INTO movement"
            " (id, sku_id, warehouse, delta, cause, cause_id, moved_by, moved_at)"
            " SELECT :i, sku_id, 'annex', 3, 'receipt', :i, 'x', :t FROM level"
        ),
        {"i": new_id(), "t": MORNING},
    )

    [drift] = repair(tx, change=change())

    assert (drift.warehouse, drift.present, drift.due) == (
        "annex",
        Counters(0, 0, 0),
        Counters(3, 0, 0),
    )
    assert compare(tx) == []


def test_what_no_level_may_hold_is_left_for_a_count(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    bought(tx, (MUG, 5))
    tx.execute(
        text(
            "INSERT INTO movement"
            " (id, sku_id, warehouse, delta, cause, cause_id, moved_by, moved_at)"
            " SELECT :i, sku_id, 'main', -3, 'scrap', :i, 'x', :t FROM level"
        ),
        {"i": new_id(), "t": MORNING},
    )

    found = repair(tx, change=change())

    assert [drift.due for drift in unrepaired(found)] == [Counters(2, 5, 0)]
    assert level(tx, MUG).on_hand == 5


def test_goods_that_come_while_levels_are_set_right_are_not_lost(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5})
        tx.execute(text("UPDATE level SET on_hand = 4"))
    received = Move(code=MUG, warehouse="main", delta=3, cause=Cause.RECEIPT, cause_id=new_id())

    def operator() -> int:
        with begin(shop.engine) as tx:
            return len(repair(tx, change=change()))

    def somebody_waits() -> bool:
        with begin(shop.engine) as tx:
            return bool(tx.scalar(WAITING))

    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as tx:
            record(tx, received, change=change())
            repairing = pool.submit(operator)
            until(somebody_waits, within_seconds=10)
        assert repairing.result() == 1

    with begin(shop.engine) as tx:
        assert (level(tx, MUG).on_hand, compare(tx)) == (8, [])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["count", "receive", "book", "confirm", "release", "extend", "sweep", "buy"]
        ),
        st.integers(1, 6),
    ),
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_happens_books_stay_true_and_every_moment_can_be_told_again(
    tx: Tx, steps: list[tuple[str, int]]
) -> None:
    nested = tx.begin_nested()
    fill(tx, {MUG: 8})
    known: dict[int, tuple[int, int, int]] = {}
    made: list[booking.Booking] = []
    for minute, (step, units) in enumerate(steps, start=1):
        one(tx, step, units, minute, made)
        assert compare(tx) == []
        known[minute] = seen(tx, minute)
    for minute, then in known.items():
        past = level_as_of(tx, MUG, "main", MORNING + minute * MINUTE)
        assert past is not None
        assert (past.on_hand, past.reserved, past.available) == then
    nested.rollback()


def one(tx: Tx, step: str, units: int, minute: int, made: list[booking.Booking]) -> None:
    """Do one step at its minute; what is refused changes nothing."""
    now = MORNING + minute * MINUTE
    by = change(at=now)
    last = made[-units % len(made)].id if made else new_id()
    end = now + units * MINUTE
    received = Move(code=MUG, warehouse="main", delta=units, cause=Cause.RECEIPT, cause_id=new_id())
    acts: dict[str, Callable[[], object]] = {
        "count": lambda: arrange(tx, MUG, "main", Wanted(on_hand=units + 3), change=by),
        "receive": lambda: record(tx, received, change=by),
        "book": lambda: made.append(booking.book(tx, [Wish(MUG, units)], until=end, change=by)),
        "confirm": lambda: made and booking.confirm(tx, last, change=by),
        "release": lambda: made and booking.release(tx, last, change=by),
        "extend": lambda: made and booking.extend(tx, last, until=end, change=by),
        "sweep": lambda: booking.sweep(tx, now=now, at_most=9),
        "buy": lambda: booking.book(tx, [Wish(MUG, 1)], until=now + 99 * MINUTE, change=by),
    }
    try:
        with tx.begin_nested():
            acts[step]()
    except (BookingError, NotEnough, BelowReserved):
        return


def seen(tx: Tx, minute: int) -> tuple[int, int, int]:
    [found] = store.levels(tx, code=MUG, now=MORNING + minute * MINUTE)
    return found.on_hand, found.reserved - found.overdue, found.available


def test_a_past_time_shows_what_was_held_sold_and_agreed_then(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    at = [MORNING + hours * timedelta(hours=1) for hours in range(6)]
    arrange(tx, MUG, "main", Wanted(safety_stock=1, low_at=2), change=change(at=at[1]))
    made = booking.book(tx, [Wish(MUG, 4)], until=at[5], change=change(at=at[2]))
    booking.confirm(tx, made.id, change=change(at=at[3]))
    arrange(tx, MUG, "main", Wanted(on_hand=20, safety_stock=0), change=change(at=at[4]))

    told = [level_as_of(tx, MUG, "main", moment) for moment in at]

    assert [(t.on_hand, t.reserved, t.safety_stock, t.available) for t in told if t] == [
        (10, 0, 0, 10),
        (10, 0, 1, 9),
        (10, 4, 1, 5),
        (6, 0, 1, 5),
        (20, 0, 0, 20),
        (20, 0, 0, 20),
    ]
    assert told[1] is not None
    assert told[1].low_at == 2


def test_before_its_first_movement_a_level_held_nothing(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 2})

    before = levels_as_of(tx, at=MORNING - MINUTE)

    assert [(past.code, past.on_hand, past.available) for past in before] == [
        (MUG, 0, 0),
        (TEA, 0, 0),
    ]
    assert level_as_of(tx, MUG, "annex", MORNING) is None
    assert isinstance(before[0], PastLevel)
