"""Some units of an order are called off: they are free again, and their money goes back."""

import pytest
from sqlalchemy import text

from orders_core.events import EventType
from orders_core.ids import OrderId
from orders_core.orders import refund
from orders_core.orders.cancel import cancel_units
from orders_core.orders.line import NoSuchUnits
from orders_core.orders.moves import Reason
from orders_core.orders.order import (
    Cause,
    Fulfilment,
    IllegalMove,
    OrderStatus,
    Payment,
    Standing,
)
from orders_core.orders.ship import Shipment, ship
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import (
    MUG,
    TEA,
    bought,
    change,
    fill,
    level,
    moved,
    order,
    out_of_balance,
    paid,
    rows,
)

MUGS, TEAS = 1, 2  # positions


def fewer(
    tx: Tx,
    order_id: OrderId,
    units: dict[int, int] | None,
    reason: Reason = Reason.CHANGED_MIND,
    *,
    note: str = "",
) -> None:
    cancel_units(tx, order_id, units, reason=reason, change=change("agent", why=note))


def ordered(tx: Tx, *, is_paid: bool = True) -> OrderId:
    """Buy three mugs and two teas."""
    fill(tx, {MUG: 9, TEA: 9})
    order_id = bought(tx, (MUG, 3), (TEA, 2))
    return paid(tx, order_id) if is_paid else order_id


def quantities(tx: Tx, order_id: OrderId) -> dict[str, int]:
    return {line.code: line.quantity for line in order(tx, order_id).lines}


def test_units_called_off_are_free_again_and_their_price_goes_back(tx: Tx) -> None:
    order_id = ordered(tx)

    fewer(tx, order_id, {MUGS: 2})

    found = order(tx, order_id)
    assert quantities(tx, order_id) == {MUG: 1, TEA: 2}
    assert found.total_minor == 4_900 + 2 * 12_800
    assert (found.payment, found.refund_minor) == (Payment.PAID, 2 * 4_900)
    assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (1, 2)
    [back] = refund.of_order(tx, order_id)
    assert (back.amount_minor, back.cause, back.status) == (2 * 4_900, Cause.CANCELLED, "asked")
    assert out_of_balance(tx) == []


def test_a_line_called_off_is_gone_and_its_past_stays(tx: Tx) -> None:
    order_id = ordered(tx)

    fewer(tx, order_id, {TEAS: 2})

    assert quantities(tx, order_id) == {MUG: 3}
    kept = "SELECT position, quantity, since_version, until_version FROM order_line ORDER BY 1, 3"
    assert [tuple(row) for row in tx.execute(text(kept))] == [(1, 3, 1, None), (2, 2, 1, 3)]
    assert order(tx, order_id).version == 3


def test_an_unpaid_order_costs_less_and_owes_nothing_back(tx: Tx) -> None:
    order_id = ordered(tx, is_paid=False)

    fewer(tx, order_id, {MUGS: 1})

    found = order(tx, order_id)
    assert (found.total_minor, found.payment) == (2 * 4_900 + 2 * 12_800, Payment.UNPAID)
    assert refund.of_order(tx, order_id) == []
    assert order(tx, paid(tx, order_id)).paid_minor == found.total_minor
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("units", [None, {MUGS: 3, TEAS: 2}])
def test_everything_called_off_is_the_order_cancelled(tx: Tx, units: dict[int, int] | None) -> None:
    order_id = ordered(tx)

    fewer(tx, order_id, units)

    found = order(tx, order_id)
    assert (found.status, found.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
    assert found.refund_minor == found.paid_minor == found.total_minor
    assert history_of(tx, order_id)[-1].type is EventType.ORDER_CANCELLED
    assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (0, 0)
    assert out_of_balance(tx) == []


def test_the_last_units_that_had_not_left_make_it_a_shipped_order(tx: Tx) -> None:
    order_id = ordered(tx)
    ship(tx, order_id, [Shipment(units={MUGS: 3})], change=change("clerk"))

    fewer(tx, order_id, {TEAS: 2})

    found = order(tx, order_id)
    assert (found.standing, found.fulfilment) == (Standing.OPEN, Fulfilment.SHIPPED)
    assert found.shipped_at is not None
    assert (found.total_minor, found.refund_minor) == (3 * 4_900, 2 * 12_800)
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("units", [{MUGS: 4}, {3: 1}, {MUGS: 0}])
def test_units_that_are_not_there_cannot_be_called_off(tx: Tx, units: dict[int, int]) -> None:
    order_id = ordered(tx)
    before = (order(tx, order_id), level(tx, MUG))

    with pytest.raises(NoSuchUnits):
        fewer(tx, order_id, units)

    assert (order(tx, order_id), level(tx, MUG)) == before


def test_units_that_left_cannot_be_called_off(tx: Tx) -> None:
    order_id = ordered(tx)
    ship(tx, order_id, [Shipment(units={MUGS: 2})], change=change("clerk"))

    with pytest.raises(NoSuchUnits, match=r"2 units of line 1 .*; 1 are there"):
        fewer(tx, order_id, {MUGS: 2})


def test_an_order_of_which_some_left_is_not_called_off_as_a_whole(tx: Tx) -> None:
    order_id = ordered(tx)
    ship(tx, order_id, [Shipment(units={MUGS: 1})], change=change("clerk"))

    with pytest.raises(IllegalMove, match="some of it has left; cancel the units") as refused:
        fewer(tx, order_id, None)

    assert refused.value.refusal.guard == "nothing_shipped"


def test_nothing_is_called_off_a_cancelled_order(tx: Tx) -> None:
    order_id = moved(tx, ordered(tx), OrderStatus.CANCELLED)

    with pytest.raises(IllegalMove, match="its standing is cancelled"):
        fewer(tx, order_id, {MUGS: 1})


@pytest.mark.parametrize(
    ("note", "kept"), [("", "changed_mind"), ("one is enough", "changed_mind: one is enough")]
)
def test_the_history_keeps_the_reason_and_the_note(tx: Tx, note: str, kept: str) -> None:
    order_id = ordered(tx)

    fewer(tx, order_id, {MUGS: 1}, note=note)

    event = history_of(tx, order_id)[-1]
    assert (event.type, event.by, event.why) == (EventType.ORDER_EDITED, "agent", kept)


def test_each_part_called_off_asks_for_its_own_money(tx: Tx) -> None:
    order_id = ordered(tx)

    fewer(tx, order_id, {MUGS: 1})
    fewer(tx, order_id, {MUGS: 1})
    fewer(tx, order_id, None)

    amounts = [back.amount_minor for back in refund.of_order(tx, order_id)]
    assert amounts == [4_900, 4_900, 4_900 + 2 * 12_800]
    mugs = "SELECT quantity, since_version, until_version FROM order_line WHERE position = 1"
    kept = [tuple(row) for row in tx.execute(text(f"{mugs} ORDER BY since_version"))]
    assert kept == [(3, 1, 3), (2, 3, 4), (1, 4, None)]
    assert order(tx, order_id).payment is Payment.REFUND_DUE
    assert rows(tx, "refund") == 3
    assert out_of_balance(tx) == []
