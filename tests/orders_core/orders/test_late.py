"""Money that comes too late ends the order as of its time and goes back, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import permutations

import pytest

from app.db.transaction import begin
from orders_core.events import EventType
from orders_core.ids import OrderId
from orders_core.orders import refund
from orders_core.orders.expire import expire, expire_of
from orders_core.orders.line_store import sku_ids
from orders_core.orders.order import (
    Cause,
    OrderStatus,
    Payment,
    PaymentConflict,
)
from orders_core.orders.pay import Part, pay
from orders_core.outbox.reading import history_of
from orders_core.stock import settle
from orders_core.tx import Tx
from tests.buying import (
    HALF_AN_HOUR,
    MUG,
    TEA,
    bought,
    change,
    fill,
    level,
    moved,
    order,
    out_of_balance,
    rows,
)
from tests.shop import MORNING, Shop
from tests.together import together

TIME_IS_UP = MORNING + HALF_AN_HOUR
A_SECOND = timedelta(seconds=1)


def pays(
    tx: Tx, order_id: OrderId, reference: str = "pi_1", *, at: datetime = TIME_IS_UP, **more: int
) -> Part:
    return pay(tx, order_id, reference, change=change("gateway", why="paid", at=at), **more)


def ordered(tx: Tx) -> OrderId:
    fill(tx, {MUG: 9, TEA: 9})
    return bought(tx, (MUG, 2))


def types(tx: Tx, order_id: OrderId) -> list[str]:
    return [event.type for event in history_of(tx, order_id)]


def test_a_payment_in_the_last_moment_is_in_time(tx: Tx) -> None:
    order_id = ordered(tx)

    assert pays(tx, order_id, at=TIME_IS_UP - A_SECOND) is Part.WHOLE

    found = order(tx, order_id)
    assert (found.status, found.pay_until) == (OrderStatus.PAID, None)
    assert rows(tx, "reservation", "expires_at IS NULL AND state = 'held'") == 1


def test_a_payment_after_its_time_is_late_though_nobody_swept_yet(tx: Tx) -> None:
    order_id = ordered(tx)

    assert pays(tx, order_id) is Part.LATE

    found = order(tx, order_id)
    assert (found.status, found.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
    assert (found.cancelled_at, found.paid_at) == (TIME_IS_UP, None)
    assert (found.paid_minor, found.refund_minor) == (9_800, 9_800)
    assert level(tx, MUG).reserved == 0
    [back] = refund.of_order(tx, order_id)
    assert (back.cause, back.amount_minor) == (Cause.PAID_LATE, 9_800)
    assert out_of_balance(tx) == []


def test_the_end_is_as_of_its_time_and_the_money_as_of_when_it_came(tx: Tx) -> None:
    order_id = ordered(tx)

    pays(tx, order_id, at=TIME_IS_UP + timedelta(hours=2))

    told = [(event.type, event.why, event.occurred_at) for event in history_of(tx, order_id)[1:]]
    assert told == [
        (EventType.ORDER_CANCELLED, "unpaid", TIME_IS_UP),
        (EventType.ORDER_REFUND_DUE, "paid_late", TIME_IS_UP + timedelta(hours=2)),
    ]


@pytest.mark.parametrize("by", ["the sweeper", "the shopper"])
def test_a_payment_of_a_cancelled_order_goes_back(tx: Tx, by: str) -> None:
    order_id = ordered(tx)
    if by == "the sweeper":
        expire(tx, now=TIME_IS_UP, at_most=10)
    else:
        moved(tx, order_id, OrderStatus.CANCELLED)

    assert pays(tx, order_id) is Part.LATE

    assert types(tx, order_id)[1:] == ["order.cancelled", "order.refund_due"]
    assert order(tx, order_id).refund_minor == 9_800
    assert out_of_balance(tx) == []


def test_the_same_late_word_again_is_one_payment(tx: Tx) -> None:
    order_id = ordered(tx)
    pays(tx, order_id)
    before = (order(tx, order_id), rows(tx, "outbox"))

    assert pays(tx, order_id) is Part.LATE

    assert (order(tx, order_id), rows(tx, "outbox")) == before
    assert (rows(tx, "refund"), rows(tx, "payment")) == (1, 1)


def test_a_late_payment_of_any_amount_goes_back_as_it_came(tx: Tx) -> None:
    order_id = ordered(tx)

    pays(tx, order_id, amount_minor=123)

    assert order(tx, order_id).refund_minor == 123
    assert out_of_balance(tx) == []


def test_another_late_payment_is_taken_back_to_the_gateway(tx: Tx) -> None:
    order_id = ordered(tx)
    pays(tx, order_id, "pi_1")

    with pytest.raises(PaymentConflict, match="paid with another reference"):
        pays(tx, order_id, "pi_2")


def test_expired_holds_make_room_for_whoever_holds_the_levels(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 9})
    over, other = bought(tx, (MUG, 2), (TEA, 1)), bought(tx, (TEA, 1))
    ids = list(sku_ids(tx, [MUG]).values())

    assert expire_of(tx, ids, now=TIME_IS_UP - A_SECOND, at_most=10) == []
    assert expire_of(tx, ids, now=TIME_IS_UP, at_most=10) == [over]

    assert order(tx, other).status is OrderStatus.PLACED
    assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (0, 1)
    assert out_of_balance(tx) == []


def test_an_expired_order_whose_other_level_somebody_holds_is_left_for_later(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 9, TEA: 9})
        both, mugs = bought(tx, (MUG, 2), (TEA, 1)), bought(tx, (MUG, 1))
        ids = list(sku_ids(tx, [MUG]).values())
        teas = bought(tx, (TEA, 1))

    with begin(shop.engine) as holding:
        settle.lock(holding, [teas])
        with begin(shop.engine) as tx:
            tx.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            assert expire_of(tx, ids, now=TIME_IS_UP, at_most=10) == [mugs]

    with begin(shop.engine) as tx:
        assert order(tx, both).status is OrderStatus.PLACED
        assert out_of_balance(tx) == []


def test_an_order_that_somebody_pays_at_this_moment_is_not_swept_away(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        order_id = ordered(tx)
        ids = list(sku_ids(tx, [MUG]).values())

    with begin(shop.engine) as paying:
        pays(paying, order_id, at=MORNING)
        with begin(shop.engine) as tx:
            tx.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            assert expire_of(tx, ids, now=TIME_IS_UP, at_most=10) == []
            assert expire(tx, now=TIME_IS_UP, at_most=10) == []


def _expires(shop: Shop, order_id: OrderId) -> str:
    with begin(shop.engine) as tx:
        return "ended" if order_id in expire(tx, now=TIME_IS_UP, at_most=10) else "left"


def _pays(shop: Shop, order_id: OrderId, at: datetime) -> str:
    with begin(shop.engine) as tx:
        return pays(tx, order_id, f"pi-{order_id}", at=at)


def _cancels(shop: Shop, order_id: OrderId) -> str:
    with begin(shop.engine) as tx:
        moved(tx, order_id, OrderStatus.CANCELLED)
        return "cancelled"


def _is_settled(shop: Shop, order_id: OrderId) -> None:
    """One end, told once; the money here for a paid order, or asked back once."""
    with begin(shop.engine) as tx:
        found, told = order(tx, order_id), types(tx, order_id)
        backs = refund.of_order(tx, order_id)
        assert rows(tx, "payment", f"order_id = '{order_id}'") == 1
        assert found.payment in {Payment.PAID, Payment.REFUND_DUE}
        assert (found.status is OrderStatus.CANCELLED) is (found.payment is Payment.REFUND_DUE)
        assert len(backs) == (found.payment is Payment.REFUND_DUE)
        assert told.count("order.cancelled") == (found.status is OrderStatus.CANCELLED)
        assert told.count("order.paid") == (found.paid_at is not None)


@pytest.mark.parametrize("at", [TIME_IS_UP - A_SECOND, TIME_IS_UP])
def test_pay_and_timeout_and_cancellation_one_after_the_other_in_every_order(
    shop: Shop, at: datetime
) -> None:
    orders: Sequence[OrderId] = []
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 40})
        orders = [bought(tx, (MUG, 1)) for _ in range(6)]

    for order_id, turn in zip(orders, permutations(range(3)), strict=True):
        acts = [
            partial(_pays, shop, order_id, at),
            partial(_expires, shop, order_id),
            partial(_cancels, shop, order_id),
        ]
        for place in turn:
            acts[place]()
        _is_settled(shop, order_id)

    with begin(shop.engine) as tx:
        assert level(tx, MUG).reserved == 0
        assert out_of_balance(tx) == []


@pytest.mark.parametrize("at", [TIME_IS_UP - A_SECOND, TIME_IS_UP])
def test_pay_and_timeout_and_cancellation_at_the_same_moment(shop: Shop, at: datetime) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 60, TEA: 60})
        orders = [bought(tx, (MUG, 1), (TEA, 1)) for _ in range(15)]

    for order_id in orders:
        together(
            partial(_pays, shop, order_id, at),
            partial(_pays, shop, order_id, at),  # the gateway tells it twice
            partial(_expires, shop, order_id),
            partial(_cancels, shop, order_id),
        )
        _is_settled(shop, order_id)

    with begin(shop.engine) as tx:
        assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (0, 0)
        assert out_of_balance(tx) == []


@pytest.mark.parametrize("at", [TIME_IS_UP - A_SECOND, TIME_IS_UP])
def test_pay_and_timeout_at_the_same_moment_end_in_one_of_two_ways(
    shop: Shop, at: datetime
) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 60})
        orders = [bought(tx, (MUG, 1)) for _ in range(15)]

    kept = 0
    for order_id in orders:
        part, _ = together(partial(_pays, shop, order_id, at), partial(_expires, shop, order_id))
        _is_settled(shop, order_id)
        kept += part == Part.WHOLE
        assert part == Part.LATE or at < TIME_IS_UP

    with begin(shop.engine) as tx:
        assert level(tx, MUG).reserved == kept
        assert out_of_balance(tx) == []
