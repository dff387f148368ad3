"""A reservation ends once: its units leave, or are free again."""

import pytest
from sqlalchemy import text

from orders_core.stock import settle
from orders_core.stock.settle import Ending
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, bought, change, fill, level, rows


def shelf(tx: Tx, code: str) -> tuple[int, int]:
    found = level(tx, code)
    return found.on_hand, found.reserved


@pytest.mark.parametrize(
    ("ending", "mugs", "teas"),
    [(Ending.CONFIRMED, (7, 1), (3, 0)), (Ending.RELEASED, (10, 1), (5, 0))],
)
def test_units_leave_when_confirmed_and_stay_when_released(
    tx: Tx, ending: Ending, mugs: tuple[int, int], teas: tuple[int, int]
) -> None:
    fill(tx, {MUG: 10, TEA: 5})
    ended = [bought(tx, (MUG, 1), (TEA, 2)), bought(tx, (MUG, 2))]
    bought(tx, (MUG, 1))

    settle.lock(tx, ended)
    settle.end(tx, ended, ending, change=change())

    assert (shelf(tx, MUG), shelf(tx, TEA)) == (mugs, teas)


@pytest.mark.parametrize("first", Ending)
@pytest.mark.parametrize("second", Ending)
def test_what_ended_does_not_end_again(tx: Tx, first: Ending, second: Ending) -> None:
    fill(tx, {MUG: 10})
    order_id = bought(tx, (MUG, 3))
    settle.end(tx, [order_id], first, change=change())
    before = shelf(tx, MUG)

    settle.end(tx, [order_id], second, change=change())

    assert shelf(tx, MUG) == before
    assert rows(tx, "reservation", f"state = '{first}'") == 1


def test_each_reservation_that_leaves_is_one_sale(tx: Tx) -> None:
    fill(tx, {MUG: 10, LAMP: 10})
    order_id = bought(tx, (MUG, 1), (LAMP, 2))

    settle.end(tx, [order_id], Ending.CONFIRMED, change=change("clerk"))

    sales = tx.execute(
        text(
            "SELECT m.delta, r.order_id, m.moved_by FROM movement m"
            " JOIN reservation r ON r.id = m.cause_id WHERE m.cause = 'sale' ORDER BY m.delta"
        )
    ).all()
    assert [tuple(sale) for sale in sales] == [(-2, order_id, "clerk"), (-1, order_id, "clerk")]


def test_orders_without_reservations_settle_to_nothing(tx: Tx) -> None:
    settle.lock(tx, [])
    settle.end(tx, [], Ending.RELEASED, change=change())

    assert rows(tx, "movement") == 0
