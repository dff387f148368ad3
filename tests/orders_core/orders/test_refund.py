"""Money that goes back: asked for once by each cause, never more than came, made once."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import OrderId, new_id
from orders_core.orders import refund
from orders_core.orders.order import Cause, OrderStatus, Payment
from orders_core.orders.refund import RefundConflict
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, moved, order, out_of_balance, paid, rows
from tests.shop import MORNING, Shop
from tests.together import together

PRICE = 3 * 4_900


def a_paid_order(tx: Tx) -> OrderId:
    fill(tx, {MUG: 9})
    return paid(tx, bought(tx, (MUG, 3)))


def asked(tx: Tx, order_id: OrderId, amount: int, *, cause_id: UUID | None = None) -> UUID | None:
    return refund.ask(
        tx,
        order_id,
        amount_minor=amount,
        cause=Cause.RETURNED,
        cause_id=cause_id or uuid4(),
        change=change("agent", why="returned"),
    )


def made(tx: Tx, refund_id: UUID | None, reference: str = "re_1") -> None:
    assert refund_id is not None
    refund.made(tx, refund_id, reference, change=change("gateway", why="refunded"))


def test_a_part_that_goes_back_leaves_a_paid_order(tx: Tx) -> None:
    order_id = a_paid_order(tx)

    made(tx, asked(tx, order_id, 4_900))

    found = order(tx, order_id)
    assert (found.payment, found.refund_minor) == (Payment.PAID, 4_900)
    [back] = refund.of_order(tx, order_id)
    assert (back.status, back.reference, back.made_at) == ("made", "re_1", MORNING)
    assert out_of_balance(tx) == []


def test_all_of_it_is_due_and_then_refunded(tx: Tx) -> None:
    order_id = a_paid_order(tx)

    one, other = asked(tx, order_id, 4_900), asked(tx, order_id, PRICE - 4_900)
    assert order(tx, order_id).payment is Payment.REFUND_DUE
    made(tx, one)
    assert order(tx, order_id).payment is Payment.REFUND_DUE
    made(tx, other, "re_2")

    assert order(tx, order_id).payment is Payment.REFUNDED
    told = [str(event.type) for event in history_of(tx, order_id)]
    assert told[-2:] == ["order.refund_due", "order.refunded"]
    assert out_of_balance(tx) == []


def test_the_same_cause_asks_once(tx: Tx) -> None:
    order_id, why = a_paid_order(tx), uuid4()

    assert asked(tx, order_id, 4_900, cause_id=why) is not None
    assert asked(tx, order_id, 4_900, cause_id=why) is None

    assert order(tx, order_id).refund_minor == 4_900
    assert rows(tx, "refund") == 1


def test_never_more_goes_back_than_came(tx: Tx) -> None:
    order_id = a_paid_order(tx)

    asked(tx, order_id, 10_000)
    asked(tx, order_id, 10_000)

    assert asked(tx, order_id, 10_000) is None
    assert [back.amount_minor for back in refund.of_order(tx, order_id)] == [10_000, 4_700]
    assert out_of_balance(tx) == []


def test_an_order_nobody_paid_has_nothing_to_give_back(tx: Tx) -> None:
    fill(tx, {MUG: 9})

    assert asked(tx, bought(tx, (MUG, 1)), 4_900) is None


def test_the_gateways_word_counts_once(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    refund_id = asked(tx, order_id, PRICE)
    made(tx, refund_id)
    before = (order(tx, order_id), rows(tx, "outbox"))

    made(tx, refund_id)
    with pytest.raises(RefundConflict, match="was made with reference 're_1'"):
        made(tx, refund_id, "re_2")

    assert (order(tx, order_id), rows(tx, "outbox")) == before


def test_a_cancelled_paid_order_asks_back_what_it_still_has(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    made(tx, asked(tx, order_id, 4_900))

    moved(tx, order_id, OrderStatus.CANCELLED)

    assert [back.amount_minor for back in refund.of_order(tx, order_id)] == [4_900, PRICE - 4_900]
    assert order(tx, order_id).payment is Payment.REFUND_DUE
    assert out_of_balance(tx) == []


def test_nobodys_refund_is_not_made(tx: Tx) -> None:
    with pytest.raises(NotFound, match="no refund ref_"):
        made(tx, new_id())
    with pytest.raises(NotFound, match="no order ord_"):
        asked(tx, OrderId(new_id()), 1)


def test_two_returns_at_the_same_moment_get_back_no_more_than_came(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        order_id = a_paid_order(tx)

    def asks(_: int) -> UUID | None:
        with begin(shop.engine) as tx:
            return asked(tx, order_id, 10_000)

    together(*[partial(asks, number) for number in range(4)])

    with begin(shop.engine) as tx:
        assert sum(back.amount_minor for back in refund.of_order(tx, order_id)) == PRICE
        assert out_of_balance(tx) == []


def test_one_cause_that_asks_twice_at_the_same_moment_asks_once(shop: Shop) -> None:
    why = uuid4()
    with begin(shop.engine) as tx:
        order_id = a_paid_order(tx)

    def asks() -> UUID | None:
        with begin(shop.engine) as tx:
            return asked(tx, order_id, 100, cause_id=why)

    answers = together(*[asks] * 4)

    assert sum(answer is not None for answer in answers) == 1
    with begin(shop.engine) as tx:
        assert order(tx, order_id).refund_minor == 100
