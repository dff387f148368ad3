"""Some units of an order's reservations end; those that stay are still held."""

from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text

from orders_core.ids import OrderId, SkuId, new_id
from orders_core.orders.line_store import sku_ids
from orders_core.stock import settle
from orders_core.stock.settle import Ending, NotHeld, Units, cut
from orders_core.stock.settle_store import Claim
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, fill, level
from tests.shop import MORNING


def held(tx: Tx) -> list[tuple[str, int]]:
    """Return the state and the units of every reservation."""
    found = tx.execute(text("SELECT state, quantity FROM reservation ORDER BY state, quantity"))
    return [(row.state, row.quantity) for row in found]


def mugs(tx: Tx, order_id: OrderId, quantity: int, parcel_id: UUID | None = None) -> Units:
    return Units(order_id, sku_ids(tx, [MUG])[MUG], quantity, parcel_id)


def test_a_part_that_ends_is_split_off_and_its_rest_stays_held(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 5))

    settle.end_units(tx, [mugs(tx, order_id, 2)], Ending.RELEASED, change=change())

    assert held(tx) == [("held", 3), ("released", 2)]
    assert (level(tx, MUG).on_hand, level(tx, MUG).reserved) == (9, 3)


def test_parts_that_leave_are_sold_each_in_its_parcel(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id, parcels = bought(tx, (MUG, 5)), [new_id(), new_id()]
    units = [mugs(tx, order_id, 2, parcels[0]), mugs(tx, order_id, 3, parcels[1])]

    settle.end_units(tx, units, Ending.CONFIRMED, change=change())

    left = tx.execute(
        text(
            "SELECT r.parcel_id, r.quantity, m.delta, r.ended_at FROM reservation r"
            " JOIN movement m ON m.cause = 'sale' AND m.cause_id = r.id ORDER BY r.quantity"
        )
    )
    assert [tuple(row) for row in left] == [
        (parcels[0], 2, -2, MORNING),
        (parcels[1], 3, -3, MORNING),
    ]
    assert (level(tx, MUG).on_hand, level(tx, MUG).reserved) == (4, 0)


def test_equal_parts_of_one_reservation_are_each_their_own(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 4))
    unit = mugs(tx, order_id, 2)

    settle.end_units(tx, [unit, unit], Ending.CONFIRMED, change=change())

    assert held(tx) == [("confirmed", 2), ("confirmed", 2)]
    assert level(tx, MUG).on_hand == 5


def test_short_units_are_released_first_and_are_owed_no_more(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 5))
    _make_short(tx, order_id, 2)

    settle.end_units(tx, [mugs(tx, order_id, 3)], Ending.RELEASED, change=change())

    assert held(tx) == [("held", 2), ("released", 1), ("released", 2)]
    short = tx.execute(text("SELECT sum(short), sum(reserved) FROM level")).one()
    assert tuple(short) == (0, 2)


def test_short_units_cannot_leave(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 5))
    _make_short(tx, order_id, 2)

    with pytest.raises(NotHeld, match="4 units were to end and 3 are held"):
        settle.end_units(tx, [mugs(tx, order_id, 4)], Ending.CONFIRMED, change=change())
    settle.end(tx, [order_id], Ending.CONFIRMED, change=change())

    assert held(tx) == [("confirmed", 3), ("short", 2)]


def test_a_whole_release_ends_what_is_short_too(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 5))
    _make_short(tx, order_id, 2)

    settle.end(tx, [order_id], Ending.RELEASED, change=change())

    assert held(tx) == [("released", 2), ("released", 3)]
    assert tx.scalar(text("SELECT sum(short + reserved) FROM level")) == 0


def test_what_ended_once_is_not_there_to_end_again(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 9})
    order_id = bought(tx, (MUG, 2), (TEA, 2))
    settle.end_units(tx, [mugs(tx, order_id, 2)], Ending.CONFIRMED, change=change())

    with pytest.raises(NotHeld):
        settle.end_units(tx, [mugs(tx, order_id, 1)], Ending.RELEASED, change=change())


def _make_short(tx: Tx, order_id: OrderId, units: int) -> None:
    """Write by hand what a clerk's count finds."""
    names = {"id": order_id, "units": units, "new": new_id()}
    for statement in (
        "UPDATE reservation SET quantity = quantity - :units WHERE order_id = :id",
        "INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, state)"
        " SELECT :new, order_id, sku_id, warehouse, :units, 'short' FROM reservation"
        " WHERE order_id = :id",
        "UPDATE level SET reserved = reserved - :units, short = :units",
        "UPDATE orders SET short_units = :units WHERE id = :id",
    ):
        tx.execute(text(statement), names)


ORDER, SKU = OrderId(new_id()), SkuId(new_id())
PLACES = ("main", "east", "west")


def claim(warehouse: str, quantity: int) -> Claim:
    return Claim(new_id(), ORDER, SKU, warehouse, quantity, "held", MORNING)


@given(
    claims=st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 5)), max_size=6),
    wanted=st.lists(
        st.tuples(st.sampled_from((None, *PLACES)), st.integers(1, 4)), min_size=1, max_size=4
    ),
)
@example(claims=[("main", 1), ("east", 1)], wanted=[(None, 1), ("main", 1)])
def test_the_cut_takes_all_that_is_wanted_from_where_it_is_wanted_or_nothing(
    claims: list[tuple[str, int]], wanted: list[tuple[str | None, int]]
) -> None:
    there = [claim(*one) for one in claims]
    units = [Units(ORDER, SKU, quantity, warehouse=at) for at, quantity in wanted]

    def has(at: str | None) -> int:
        return sum(one.quantity for one in there if at in (None, one.warehouse))

    def needs(at: str | None) -> int:
        return sum(unit.quantity for unit in units if at in (None, unit.warehouse))

    if any(needs(at) > has(at) for at in (None, *PLACES)):
        with pytest.raises(NotHeld):
            cut(there, units)
        return
    pieces, rest = cut(there, units)

    taken = {one.id: sum(p.quantity for p in pieces if p.claim.id == one.id) for one in there}
    assert sum(taken.values()) == needs(None)
    assert all(taken[one.id] + rest[one.id] == one.quantity for one in there)
    for at in PLACES:
        assert sum(p.quantity for p in pieces if p.claim.warehouse == at) >= needs(at)
