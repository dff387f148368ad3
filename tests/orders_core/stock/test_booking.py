"""Bookings: exact at their time, for whoever looks, whether the sweeper came or not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.shortage.find import make_room
from orders_core.stock import booking, rebuild, store
from orders_core.stock.booking import (
    BadTerm,
    Booking,
    BookingEnded,
    BookingLost,
    For,
    State,
    Wish,
    book,
    confirm,
    extend,
    release,
    sweep,
)
from orders_core.stock.level import count
from orders_core.stock.room import NotEnough
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, bought, change, fill, level, rows
from tests.poll import until
from tests.shop import MORNING, Shop
from tests.together import together

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
MINUTE = timedelta(minutes=1)
UNTIL = MORNING + 15 * MINUTE


def at(minutes: int) -> datetime:
    return MORNING + minutes * MINUTE


def booked(tx: Tx, *wishes: tuple[str, int], since: int = 0, to: int = 15) -> Booking:
    wanted = [Wish(code, quantity) for code, quantity in wishes]
    return book(tx, wanted, until=at(to), change=change("till", at=at(since)))


def shelf(tx: Tx, code: str = MUG, *, minutes: int = 0) -> tuple[int, int, int]:
    [found] = store.levels(tx, code=code, now=at(minutes))
    return found.on_hand, found.reserved, found.available


def state(tx: Tx, booking_id: UUID, *, minutes: int = 0) -> State:
    return booking.read(tx, booking_id, now=at(minutes)).state


def is_true(tx: Tx) -> bool:
    """Say whether every level is the sum of what explains it."""
    return rebuild.compare(tx) == []


def test_what_is_booked_is_reserved_until_its_time(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 5})

    made = book(
        tx,
        [Wish(MUG, 2), Wish(TEA, 1), Wish(MUG, 1)],
        until=UNTIL,
        change=change("till"),
        whose=For(reference="basket 7"),
    )

    assert (made.state, made.reference, made.expires_at) == (State.HELD, "basket 7", UNTIL)
    assert made.wishes == (Wish(MUG, 3), Wish(TEA, 1))
    assert (shelf(tx), shelf(tx, TEA), is_true(tx)) == ((10, 3, 7), (5, 1, 4), True)


def test_two_wishes_for_one_sku_count_together_before_anything_is_promised(tx: Tx) -> None:
    fill(tx, {MUG: 3})

    with pytest.raises(NotEnough) as refused:
        booked(tx, (MUG, 2), (MUG, 2))

    assert refused.value.facts == {"short": [{"sku": MUG, "wanted": 4, "available": 3}]}
    assert rows(tx, "booking") == 0


def test_one_line_that_does_not_fit_leaves_the_others_unbooked(tx: Tx) -> None:
    fill(tx, {MUG: 3, TEA: 0})

    with pytest.raises(NotEnough):
        booked(tx, (MUG, 1), (TEA, 1))

    assert shelf(tx)[1] == 0


def test_safety_stock_and_what_is_owed_to_short_orders_is_not_promised(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    tx.execute(text("UPDATE level SET safety_stock = 1, short = 1"))

    with pytest.raises(NotEnough):
        booked(tx, (MUG, 4))
    assert booked(tx, (MUG, 3)).state is State.HELD


def test_goods_nobody_sells_and_ends_before_the_beginning_are_refused(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    with pytest.raises(NotFound, match="no SKU YETI"):
        booked(tx, ("YETI", 1))
    with pytest.raises(BadTerm):
        booked(tx, (MUG, 1), since=15)


def test_past_its_time_its_units_are_free_for_readers_before_anybody_swept(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 4))

    assert [shelf(tx, minutes=m)[2] for m in (0, 14, 15, 16)] == [1, 1, 5, 5]
    assert [state(tx, made.id, minutes=m) for m in (14, 15)] == [State.HELD, State.EXPIRED]


def test_past_its_time_its_units_can_be_booked_again_before_anybody_swept(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    booked(tx, (MUG, 4))

    with pytest.raises(NotEnough):
        booked(tx, (MUG, 2), since=14, to=30)
    again = booked(tx, (MUG, 5), since=15, to=30)

    assert (again.state, shelf(tx, minutes=15)) == (State.HELD, (5, 5, 0))
    assert is_true(tx)


def test_past_its_time_its_units_can_be_bought_before_anybody_swept(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    booked(tx, (MUG, 5), since=-30, to=-1)

    bought(tx, (MUG, 5))

    assert (shelf(tx), is_true(tx)) == ((5, 5, 0), True)


def test_a_confirmed_booking_leaves_as_one_sale_and_only_once(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 2))

    first = confirm(tx, made.id, change=change("till", at=at(5)))
    again = confirm(tx, made.id, change=change("till", at=at(99)))

    assert first == again
    assert (first.state, first.ended_at) == (State.CONFIRMED, at(5))
    assert (shelf(tx), rows(tx, "movement", "cause = 'sale' AND delta = -2")) == ((3, 0, 3), 1)
    assert is_true(tx)


def test_past_its_time_a_booking_is_confirmed_if_its_units_are_still_free(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    unswept, swept = booked(tx, (MUG, 2)), booked(tx, (MUG, 2))
    tx.execute(
        text("UPDATE booking SET expires_at = :t WHERE id = :i"), {"t": at(60), "i": unswept.id}
    )
    sweep(tx, now=at(20), at_most=9)
    tx.execute(
        text("UPDATE booking SET expires_at = :t WHERE id = :i"), {"t": at(15), "i": unswept.id}
    )

    for made in (unswept, swept):
        assert confirm(tx, made.id, change=change(at=at(21))).state is State.CONFIRMED

    assert (shelf(tx, minutes=21), is_true(tx)) == ((1, 0, 1), True)


@pytest.mark.parametrize("was_swept", [True, False])
def test_past_its_time_a_booking_whose_units_others_took_is_refused(
    tx: Tx, *, was_swept: bool
) -> None:
    fill(tx, {MUG: 5, TEA: 5})
    made = booked(tx, (MUG, 4), (TEA, 1))
    if was_swept:
        sweep(tx, now=at(15), at_most=9)
    booked(tx, (MUG, 2), since=16, to=30)

    for ask in (confirm, lambda t, i, change: extend(t, i, until=at(40), change=change)):
        nested = tx.begin_nested()
        with pytest.raises(BookingLost) as refused:
            ask(tx, made.id, change=change(at=at(17)))
        nested.rollback()
        assert refused.value.facts["short"] == [{"sku": MUG, "wanted": 4, "available": 3}]


def test_a_booking_that_a_count_took_units_from_is_confirmed_whole_or_not_at_all(tx: Tx) -> None:
    fill(tx, {MUG: 5, TEA: 5})
    made = booked(tx, (MUG, 4), (TEA, 1))
    make_room(tx, MUG, "main", on_hand=2, change=change())
    count(tx, MUG, "main", on_hand=2, oversell_limit=None, change=change())

    nested = tx.begin_nested()
    with pytest.raises(BookingLost):
        confirm(tx, made.id, change=change(at=at(1)))
    nested.rollback()
    count(tx, MUG, "main", on_hand=6, oversell_limit=None, change=change())
    confirm(tx, made.id, change=change(at=at(2)))

    assert (shelf(tx), shelf(tx, TEA)) == ((2, 0, 2), (4, 0, 4))
    assert is_true(tx)


def test_a_released_booking_is_free_at_once_and_stays_released(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 4))

    first = release(tx, made.id, change=change(at=at(3)))
    again = release(tx, made.id, change=change(at=at(9)))

    assert (first, first.state, first.ended_at) == (again, State.RELEASED, at(3))
    assert shelf(tx) == (5, 0, 5)
    for ask in (confirm, lambda t, i, change: extend(t, i, until=at(40), change=change)):
        with pytest.raises(BookingEnded, match="is released"):
            ask(tx, made.id, change=change(at=at(4)))


def test_what_was_confirmed_can_neither_be_released_nor_extended(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 4))
    confirm(tx, made.id, change=change())

    with pytest.raises(BookingEnded, match="is confirmed"):
        release(tx, made.id, change=change())
    with pytest.raises(BookingEnded):
        extend(tx, made.id, until=at(40), change=change())


def test_extending_moves_the_end_and_never_back(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 4))

    extend(tx, made.id, until=at(30), change=change(at=at(10)))
    shorter = extend(tx, made.id, until=at(20), change=change(at=at(10)))

    assert shorter.expires_at == at(30)
    assert [shelf(tx, minutes=m)[2] for m in (15, 29, 30)] == [1, 1, 5]


def test_past_its_time_a_booking_is_held_again_if_its_units_are_still_free(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    made = booked(tx, (MUG, 4))
    sweep(tx, now=at(16), at_most=9)

    again = extend(tx, made.id, until=at(40), change=change(at=at(20)))

    assert (again.state, again.expires_at, again.ended_at) == (State.HELD, at(40), None)
    assert (shelf(tx, minutes=20), is_true(tx)) == ((5, 4, 1), True)


def test_the_sweeper_ends_what_is_overdue_as_of_its_time_and_nothing_else(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    early, late = booked(tx, (MUG, 4)), booked(tx, (MUG, 2), to=20)

    assert [sweep(tx, now=at(m), at_most=9) for m in (14, 15, 16)] == [0, 1, 0]

    ended = booking.read(tx, early.id, now=at(16))
    assert (ended.state, ended.ended_at) == (State.EXPIRED, at(15))
    assert rows(tx, "booking", "state = 'held'") == 1
    assert (shelf(tx, minutes=16), is_true(tx)) == ((9, 2, 7), True)
    assert booking.next_due(tx, at(16), at(60)) == late.expires_at


def test_no_end_is_named_beyond_the_time_asked_for(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    booked(tx, (MUG, 4))

    assert booking.next_due(tx, at(0), at(14)) is None
    assert booking.next_due(tx, at(0), at(15)) == at(15)
    assert booking.next_due(tx, at(15), at(99)) is None


def test_a_booking_that_nobody_made_is_not_found(tx: Tx) -> None:
    for ask in (confirm, release):
        with pytest.raises(NotFound):
            ask(tx, new_id(), change=change())
    with pytest.raises(NotFound):
        booking.read(tx, new_id(), now=at(0))


def test_only_levels_that_nobody_else_holds_are_looked_through(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5, LAMP: 5})
        booked(tx, (MUG, 4), (LAMP, 1))
        ids = [store.sku_id_of(tx, code) for code in (MUG, LAMP)]
    lock_lamp = text("SELECT FROM level WHERE sku_id = :i FOR UPDATE")
    with begin(shop.engine) as other, begin(shop.engine) as tx:
        other.execute(lock_lamp, {"i": ids[1]})
        assert booking.let_go_of(tx, ids, now=at(15)) == 4  # type: ignore[arg-type]


def test_reserve_expire_and_confirm_end_in_one_way_each(shop: Shop) -> None:
    """Of confirm, sweep and a rival at the same moment, books stay true and units are sold once."""
    for number in range(12):
        now = at(15 * number + 15)
        with begin(shop.engine) as tx:
            fill(tx, {MUG: 5})
            made = booked(tx, (MUG, 4), since=15 * number, to=15 * number + 15)
        changed = change(at=now)

        def sell(booking_id: UUID = made.id) -> int:
            try:
                with begin(shop.engine) as tx:
                    confirm(tx, booking_id, change=changed)  # noqa: B023 - called in this round
            except BookingLost:
                return 0
            return 4

        def rival() -> int:
            try:
                with begin(shop.engine) as tx:
                    book(tx, [Wish(MUG, 3)], until=now + MINUTE, change=changed)  # noqa: B023
            except NotEnough:
                return 0
            return 3

        def sweeper() -> int:
            with begin(shop.engine) as tx:
                return 0 * sweep(tx, now=now, at_most=9)  # noqa: B023

        assert sorted(together(sell, rival, sweeper))[2] in (3, 4)
        with begin(shop.engine) as tx:
            sweep(tx, now=now + MINUTE, at_most=9)
            assert (is_true(tx), level(tx, MUG).reserved) == (True, 0)
            assert rows(tx, "booking", "state = 'held'") == 0


def test_a_booking_extended_while_the_sweeper_waits_for_it_is_kept(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5})
        made = booked(tx, (MUG, 4))

    def sweeper() -> int:
        with begin(shop.engine) as tx:
            return sweep(tx, now=at(15), at_most=9)

    def somebody_waits() -> bool:
        with begin(shop.engine) as tx:
            return bool(tx.scalar(WAITING))

    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as tx:
            extend(tx, made.id, until=at(40), change=change(at=at(14)))
            swept = pool.submit(sweeper)
            until(somebody_waits, within_seconds=10)
        assert swept.result() == 0

    with begin(shop.engine) as tx:
        assert (state(tx, made.id, minutes=15), shelf(tx, minutes=15)) == (State.HELD, (5, 4, 1))


def test_many_who_book_at_once_get_exactly_what_is_there(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 17, TEA: 100})

    def shopper() -> int:
        got = 0
        for _ in range(8):
            try:
                with begin(shop.engine) as tx:
                    booked(tx, (TEA, 1), (MUG, 1))
                got += 1
            except NotEnough:
                break
        return got

    assert sum(together(*[shopper] * 4)) == 17
    with begin(shop.engine) as tx:
        assert (shelf(tx), is_true(tx)) == ((17, 17, 0), True)
