"""What may follow what, and what the stock does meanwhile."""

from itertools import product

import pytest

from orders_core.errors import NotFound
from orders_core.events import EventType
from orders_core.ids import OrderId, new_id, show
from orders_core.orders import move_store
from orders_core.orders.move import move, move_one
from orders_core.orders.order import IllegalMove, OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import (
    MUG,
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
from tests.moving import following
from tests.shop import MORNING

PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
WAY: dict[OrderStatus, list[OrderStatus]] = {
    PLACED: [],
    PAID: [PAID],
    SHIPPED: [PAID, SHIPPED],
    DELIVERED: [PAID, SHIPPED, DELIVERED],
    CANCELLED: [CANCELLED],
}


def brought_to(tx: Tx, status: OrderStatus) -> OrderId:
    """Place an order of three mugs and walk it to a state."""
    order_id = bought(tx, (MUG, 3))
    for step in WAY[status]:
        moved(tx, order_id, step) if step is not PAID else paid(tx, order_id)
    return order_id


def test_the_moves_come_to_the_shops_own_table() -> None:
    allowed = {(one, other) for one in OrderStatus for other in following(one)}

    assert allowed == {
        (PLACED, PAID),
        (PLACED, CANCELLED),
        (PAID, SHIPPED),
        (PAID, CANCELLED),
        (SHIPPED, DELIVERED),
    }


@pytest.mark.parametrize(("present", "wanted"), list(product(OrderStatus, repeat=2)))
def test_an_order_moves_where_the_table_leads_and_nowhere_else(
    tx: Tx, present: OrderStatus, wanted: OrderStatus
) -> None:
    fill(tx, {MUG: 9})
    order_id = brought_to(tx, present)
    is_allowed = wanted in following(present) or wanted is present

    if is_allowed:
        paid(tx, order_id) if wanted is PAID else moved(tx, order_id, wanted)
    else:
        with pytest.raises(IllegalMove) as refused:
            moved(tx, order_id, wanted)
        says = f"order {show('ord', order_id)} is {present} and may not become {wanted}: "
        assert str(refused.value).startswith(says)

    assert order(tx, order_id).status == (wanted if is_allowed else present)
    assert out_of_balance(tx) == []


def test_moving_to_where_it_is_counts_as_done_and_is_no_news(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = brought_to(tx, SHIPPED)
    before = (order(tx, order_id), rows(tx, "outbox"), level(tx, MUG))

    told_twice = move(tx, [order_id], SHIPPED, change=change())

    assert (told_twice.already, told_twice.done) == ([order_id], [])
    assert (order(tx, order_id), rows(tx, "outbox"), level(tx, MUG)) == before


@pytest.mark.parametrize(
    ("status", "on_hand", "reserved"),
    [(PLACED, 9, 3), (PAID, 9, 3), (SHIPPED, 6, 0), (DELIVERED, 6, 0), (CANCELLED, 9, 0)],
)
def test_shipping_takes_units_out_of_stock_and_cancelling_frees_them(
    tx: Tx, status: OrderStatus, on_hand: int, reserved: int
) -> None:
    fill(tx, {MUG: 9})

    brought_to(tx, status)

    assert (level(tx, MUG).on_hand, level(tx, MUG).reserved) == (on_hand, reserved)


def test_a_paid_order_that_is_cancelled_frees_its_units_too(tx: Tx) -> None:
    fill(tx, {MUG: 3})

    moved(tx, brought_to(tx, PAID), CANCELLED)

    bought(tx, (MUG, 3))
    assert out_of_balance(tx) == []


def test_many_orders_move_at_once_each_with_its_own_answer(tx: Tx) -> None:
    fill(tx, {MUG: 99})
    paid_one, shipped_one, placed_one = (brought_to(tx, s) for s in (PAID, SHIPPED, PLACED))
    nobody = OrderId(new_id())

    told = move(tx, [placed_one, shipped_one, nobody, paid_one], SHIPPED, change=change())

    assert (told.done, told.already) == ([paid_one], [shipped_one])
    assert (told.refused[placed_one].guard, told.missing) == ("is_paid", [nobody])
    assert out_of_balance(tx) == []


def test_a_move_is_news_with_both_states_and_its_time(tx: Tx) -> None:
    fill(tx, {MUG: 9})

    event = history_of(tx, brought_to(tx, CANCELLED))[-1]

    assert (event.type, event.version) == (EventType.ORDER_CANCELLED, 2)
    assert event.old is not None
    assert (event.old["status"], event.new["status"]) == ("placed", "cancelled")
    assert (event.by, event.occurred_at) == ("clerk", MORNING)


def test_each_move_is_stamped_with_its_time(tx: Tx) -> None:
    fill(tx, {MUG: 9})

    found = order(tx, brought_to(tx, DELIVERED))

    assert [found.placed_at, found.paid_at, found.shipped_at, found.delivered_at] == [MORNING] * 4
    assert found.cancelled_at is None


def test_an_order_that_does_not_exist_is_not_found(tx: Tx) -> None:
    with pytest.raises(NotFound, match="no order ord_"):
        move_one(tx, OrderId(new_id()), SHIPPED, change=change())


def test_what_was_read_before_it_moved_on_is_not_written_over_it(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))
    read = order(tx, order_id)
    paid(tx, order_id)

    with pytest.raises(LookupError, match="moved on from version 1 unlocked"):
        move_store.write(tx, read, read.moved(total_minor=1), change=change())

    assert order(tx, order_id).total_minor == 4_900
