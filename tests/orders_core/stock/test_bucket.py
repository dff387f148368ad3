"""Buckets sell what the level handed out: no unit twice, and the last one too."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.stock import store
from orders_core.stock.bucket import Took, gather, hand_out, reserve, take_back
from orders_core.stock.room import NotEnough
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx
from tests.buying import MUG, change, fill, level, rows
from tests.shop import Shop
from tests.together import together
from tests.waiting import behind


def mugs(tx: Tx) -> Key:
    found = store.sku_id_of(tx, MUG)
    assert found is not None
    return SkuId(found), "main"


def an_order() -> OrderId:
    return OrderId(new_id())


def buckets(tx: Tx) -> list[int]:
    return list(tx.scalars(text("SELECT free FROM bucket ORDER BY slot")))


def promised(tx: Tx) -> int:
    """What the level must count as reserved: what is held, and what lies in the buckets."""
    held = "SELECT coalesce(sum(quantity), 0) FROM reservation WHERE state = 'held'"
    free = "SELECT coalesce(sum(free), 0) FROM bucket"
    return int(tx.scalar(text(f"SELECT ({held}) + ({free})")) or 0)


def test_a_level_hands_its_units_out_in_equal_parts(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    handed = hand_out(tx, mugs(tx), slots=4, change=change())

    assert (handed, buckets(tx), level(tx, MUG).reserved) == (10, [3, 3, 2, 2], 10)


def test_handing_out_again_adds_to_what_is_there(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    hand_out(tx, mugs(tx), slots=2, units=3, change=change())
    hand_out(tx, mugs(tx), slots=4, units=4, change=change())

    assert (buckets(tx), level(tx, MUG).reserved) == ([3, 2, 1, 1], 7)


def test_more_than_there_is_cannot_be_handed_out(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    with pytest.raises(NotEnough):
        hand_out(tx, mugs(tx), slots=2, units=11, change=change())


def test_an_order_takes_out_of_its_own_slot_and_leaves_the_level_alone(tx: Tx) -> None:
    fill(tx, {MUG: 8})
    hand_out(tx, mugs(tx), slots=4, change=change())

    took = reserve(tx, an_order(), mugs(tx), 2, slot=2, change=change())

    assert (dict(took.slots), took.from_level) == ({2: 2}, 0)
    assert (buckets(tx), level(tx, MUG).reserved, promised(tx)) == ([2, 2, 0, 2], 8, 8)


def test_an_empty_slot_steals_from_the_next_round_the_circle(tx: Tx) -> None:
    fill(tx, {MUG: 4})
    hand_out(tx, mugs(tx), slots=4, change=change())

    stolen = [reserve(tx, an_order(), mugs(tx), 1, slot=2, change=change()) for _ in range(4)]

    assert [list(took.slots) for took in stolen] == [[2], [3], [0], [1]]


def test_what_no_bucket_has_alone_comes_from_several_and_the_level(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    hand_out(tx, mugs(tx), slots=2, units=5, change=change())

    took = reserve(tx, an_order(), mugs(tx), 7, slot=0, change=change())

    assert (dict(took.slots), took.from_level) == ({0: 3, 1: 2}, 2)
    assert (level(tx, MUG).reserved, promised(tx)) == (7, 7)
    assert rows(tx, "reservation", "quantity = 7") == 1


def test_nothing_is_taken_where_all_together_have_too_few(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    hand_out(tx, mugs(tx), slots=2, units=4, change=change())

    with pytest.raises(NotEnough):
        reserve(tx, an_order(), mugs(tx), 6, slot=0, change=change())

    assert (buckets(tx), rows(tx, "reservation")) == ([2, 2], 0)


def test_what_is_left_goes_back_to_the_level(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    hand_out(tx, mugs(tx), slots=2, change=change())
    reserve(tx, an_order(), mugs(tx), 2, slot=0, change=change())

    assert take_back(tx, mugs(tx), change=change()) == 3
    assert (buckets(tx), level(tx, MUG).reserved, promised(tx)) == ([], 2, 2)


def test_safety_stock_is_never_handed_out(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    tx.execute(text("UPDATE level SET safety_stock = 2"))

    assert hand_out(tx, mugs(tx), slots=1, change=change()) == 3


def test_handing_out_rings_nobody(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    hand_out(tx, mugs(tx), slots=1, change=change())

    told = tx.scalars(text("SELECT ring FROM history WHERE type = 'stock.out'")).all()
    assert told == ["never"]


@given(
    held=st.dictionaries(st.integers(0, 9), st.integers(0, 20), max_size=6),
    units=st.integers(1, 60),
)
def test_gathering_takes_what_it_needs_and_no_more_than_there_is(
    held: dict[int, int], units: int
) -> None:
    taken = gather(held, units)

    assert sum(taken.values()) == min(units, sum(held.values()))
    assert all(0 < count <= held[slot] for slot, count in taken.items())


@pytest.mark.parametrize(("on_hand", "handed"), [(40, 40), (40, 25), (41, 41)])
def test_every_last_unit_is_sold_and_none_twice_under_a_race(
    shop: Shop, on_hand: int, handed: int
) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: on_hand})
        key = mugs(tx)
        hand_out(tx, key, slots=4, units=handed, change=change())
    slots = count()

    def shopper() -> int:
        slot, sold = next(slots) % 4, 0
        for attempt in range(20):
            units = 1 + attempt % 2
            try:
                with begin(shop.engine) as tx:
                    reserve(tx, an_order(), key, units, slot=slot, change=change())
                sold += units
            except NotEnough:
                continue
        return sold

    sold = together(*[shopper] * 6)

    with begin(shop.engine) as tx:
        left = level(tx, MUG)
        held = tx.scalar(text("SELECT sum(quantity) FROM reservation"))
        assert (left.reserved, promised(tx)) == (on_hand, on_hand)
        assert held == sum(sold) == on_hand


def test_a_buyer_waits_for_buckets_that_others_hold_before_saying_no(shop: Shop) -> None:
    """SKIP LOCKED alone would call goods sold out that a buyer in another slot just looks at."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 2})
        key = mugs(tx)
        hand_out(tx, key, slots=1, change=change())

    def buy() -> bool:
        with begin(shop.engine) as tx:
            return bool(reserve(tx, an_order(), key, 1, slot=0, change=change()).slots)

    for _ in range(5):
        assert together(buy, buy) == [True, True]
        with begin(shop.engine) as tx:
            tx.execute(text("DELETE FROM reservation"))
            tx.execute(text("UPDATE bucket SET free = 2"))


def test_whoever_gathers_from_all_buckets_waits_and_counts_what_is_left(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 4})
        key = mugs(tx)
        hand_out(tx, key, slots=2, change=change())

    def reserve_some(units: int) -> Callable[[Tx], Took]:
        return lambda tx: reserve(tx, an_order(), key, units, slot=0, change=change())

    with pytest.raises(NotEnough):
        behind(shop, reserve_some(2), reserve_some(3))

    with begin(shop.engine) as tx:
        assert sum(buckets(tx)) == 2
