"""Goods come back: asked for, decided, received, their money asked back; never more than left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from orders_core.errors import NotFound
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import Fulfilment, OrderStatus, Payment
from orders_core.orders.place import WAREHOUSE
from orders_core.outbox.reading import history_of
from orders_core.returns import store
from orders_core.returns.receive import Came, NotAwaited, Receipt, close, receive
from orders_core.returns.request import NotReturnable, Wish, decide, request
from orders_core.returns.rma import (
    MOVES,
    Condition,
    Decision,
    Facts,
    IllegalReturn,
    Outcome,
    Payer,
    Reason,
    Return,
    State,
    Verdict,
    worth,
)
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, bought, change, fill, level, moved, order, paid, rows
from tests.buying import out_of_balance as unbalanced
from tests.shop import MORNING

LATER = MORNING + timedelta(days=3)


def by_condition(condition: Condition, _reason: Reason) -> Outcome:
    return Outcome.RESTOCKED if condition is Condition.UNOPENED else Outcome.SCRAPPED


def approved_at(percent: int = 100) -> Verdict:
    return Verdict(Decision.APPROVE, Payer.SHOP, percent)


def delivered(tx: Tx, *lines: tuple[str, int]) -> OrderId:
    fill(tx, dict(lines))
    order_id = moved(tx, paid(tx, bought(tx, *lines)), OrderStatus.SHIPPED)
    return moved(tx, order_id, OrderStatus.DELIVERED)


def asked(
    tx: Tx, order_id: OrderId, units: dict[int, int], *, verdict: Verdict | None = None
) -> Return:
    wish = Wish(units=units, reason=Reason.CHANGED_MIND)
    by = replace(change("shopper", why="asked_by_shopper"), at=LATER)
    if verdict is None:
        return request(tx, order_id, wish, change=by)
    return request(tx, order_id, wish, judge=lambda _: verdict, change=by)


def came(tx: Tx, one: Return, *lines: tuple[int, int, Condition]) -> Return:
    came = [Came(position=p, units=n, condition=c) for p, n, c in lines]
    by = replace(change("dock", why="came_back"), at=LATER)
    return receive(tx, one.id, Receipt(came, WAREHOUSE, by_condition), change=by)


def test_a_return_goes_from_asked_to_closed(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 3), (TEA, 1))
    one = asked(tx, order_id, {1: 2})
    assert one.state is State.REQUESTED

    decide(tx, one.id, Decision.APPROVE, change=change("staff:mei", why="by_agent"))
    received = came(tx, one, (1, 1, Condition.UNOPENED), (1, 1, Condition.DAMAGED))

    assert (received.state, received.amount_minor) == (State.RECEIVED, 2 * 4_900)
    assert (received.lines[0].restocked, received.lines[0].scrapped) == (1, 1)
    assert level(tx, MUG).on_hand == 1
    assert rows(tx, "movement", "cause = 'return' AND delta = 2") == 1
    assert rows(tx, "movement", "cause = 'scrap' AND delta = -1") == 1
    assert rows(tx, "refund", "cause = 'returned' AND amount_minor = 9800") == 1
    assert order(tx, order_id).refund_minor == 9_800
    assert order(tx, order_id).fulfilment is Fulfilment.DELIVERED

    closed = close(tx, one.id, change=change("gateway", why="refund_made"))
    assert closed.state is State.CLOSED
    assert [event.type for event in history_of(tx, one.id)] == [
        "return.requested",
        "return.approved",
        "return.received",
        "return.closed",
    ]
    assert unbalanced(tx) == []


def test_when_every_unit_came_back_the_goods_are_returned(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 2), (TEA, 1))
    came(
        tx,
        asked(tx, order_id, {1: 2}, verdict=approved_at()),
        (1, 2, Condition.UNOPENED),
    )
    assert order(tx, order_id).fulfilment is Fulfilment.DELIVERED

    came(
        tx,
        asked(tx, order_id, {2: 1}, verdict=approved_at()),
        (2, 1, Condition.UNOPENED),
    )

    after = order(tx, order_id)
    assert (after.fulfilment, after.payment) == (Fulfilment.RETURNED, Payment.REFUND_DUE)
    assert rows(tx, "history", "type = 'order.returned'") == 1
    assert unbalanced(tx) == []


def test_goods_that_come_back_before_they_count_as_delivered_ring_no_delivery(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    order_id = moved(tx, paid(tx, bought(tx, (MUG, 1))), OrderStatus.SHIPPED)

    came(tx, asked(tx, order_id, {1: 1}, verdict=approved_at()), (1, 1, Condition.UNOPENED))

    assert order(tx, order_id).fulfilment is Fulfilment.RETURNED
    assert rows(tx, "history", "type = 'order.delivered'") == 0


def test_a_rule_approves_on_its_terms(tx: Tx) -> None:
    seen: list[Facts] = []

    def judge(facts: Facts) -> Verdict:
        seen.append(facts)
        return Verdict(Decision.APPROVE, Payer.SHOP, 80)

    order_id = delivered(tx, (MUG, 2))
    tx.execute(text("UPDATE orders SET delivered_at = :at"), {"at": MORNING})
    wish = Wish(units={1: 2}, reason=Reason.DAMAGED)

    one = request(tx, order_id, wish, judge=judge, change=replace(change("shopper"), at=LATER))

    assert (one.state, one.who_pays, one.refund_percent) == (State.APPROVED, Payer.SHOP, 80)
    assert seen == [
        Facts(
            reason=Reason.DAMAGED,
            days_since_delivered=3,
            amount_minor=9_800,
            currency="CNY",
            returned_before=0,
        )
    ]
    assert came(tx, one, (1, 2, Condition.UNOPENED)).amount_minor == 7_840


def test_a_rejected_return_frees_its_units_to_be_asked_for_again(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 1))
    rejected = asked(tx, order_id, {1: 1}, verdict=Verdict(Decision.REJECT))
    assert rejected.state is State.REJECTED

    assert asked(tx, order_id, {1: 1}).state is State.REQUESTED


def test_no_unit_is_asked_back_twice(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 3))
    asked(tx, order_id, {1: 2})

    with pytest.raises(NotReturnable, match="1 of MUG have left and may come back"):
        asked(tx, order_id, {1: 2})
    asked(tx, order_id, {1: 1})


def test_what_did_not_come_after_all_may_come_with_another_return(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 3))
    came(tx, asked(tx, order_id, {1: 3}, verdict=approved_at()), (1, 1, Condition.UNOPENED))

    assert order(tx, order_id).refund_minor == 4_900
    assert asked(tx, order_id, {1: 2}).state is State.REQUESTED


def test_of_a_partly_shipped_order_only_what_left_comes_back(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 3))
    tx.execute(text("UPDATE reservation SET quantity = 1"))
    tx.execute(text("UPDATE orders SET fulfilment = 'partly_shipped', status = 'paid'"))

    with pytest.raises(NotReturnable, match="1 of MUG"):
        asked(tx, order_id, {1: 2})
    assert asked(tx, order_id, {1: 1}).state is State.REQUESTED


@pytest.mark.parametrize("units", [{}, {9: 1}, {1: 0}, {1: -1}])
def test_a_return_names_lines_and_units_of_its_order(tx: Tx, units: dict[int, int]) -> None:
    order_id = delivered(tx, (MUG, 3))

    with pytest.raises(NotReturnable):
        asked(tx, order_id, units)


def test_what_has_not_left_cannot_come_back(tx: Tx) -> None:
    fill(tx, {MUG: 3})
    order_id = paid(tx, bought(tx, (MUG, 3)))

    with pytest.raises(NotReturnable, match="unfulfilled"):
        asked(tx, order_id, {1: 1})


def test_an_order_or_return_that_is_not_there_is_not_found(tx: Tx) -> None:
    with pytest.raises(NotFound):
        asked(tx, OrderId(new_id()), {1: 1})
    with pytest.raises(NotFound):
        decide(tx, new_id(), Decision.APPROVE, change=change())


def test_received_twice_comes_back_once(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 2))
    one = asked(tx, order_id, {1: 2}, verdict=approved_at())
    came(tx, one, (1, 2, Condition.UNOPENED))
    before = rows(tx, "movement"), rows(tx, "refund"), rows(tx, "history")

    assert came(tx, one, (1, 1, Condition.DAMAGED)).lines[0].restocked == 2

    assert (rows(tx, "movement"), rows(tx, "refund"), rows(tx, "history")) == before


def test_more_than_was_approved_is_not_taken(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 2), (TEA, 1))
    one = asked(tx, order_id, {1: 1}, verdict=approved_at())

    with pytest.raises(NotAwaited):
        came(tx, one, (1, 2, Condition.UNOPENED))
    with pytest.raises(NotAwaited):
        came(tx, one, (2, 1, Condition.UNOPENED))
    with pytest.raises(NotAwaited):
        came(tx, one)


def test_what_nobody_approved_is_not_received(tx: Tx) -> None:
    one = asked(tx, delivered(tx, (MUG, 2)), {1: 1})

    with pytest.raises(IllegalReturn, match="it can while it is approved"):
        came(tx, one, (1, 1, Condition.UNOPENED))
    with pytest.raises(IllegalReturn):
        close(tx, one.id, change=change())


def test_decided_twice_is_decided_once_and_never_otherwise(tx: Tx) -> None:
    one = asked(tx, delivered(tx, (MUG, 2)), {1: 1})
    by = change("staff:mei")
    decide(tx, one.id, Decision.APPROVE, payer=Payer.SHOP, refund_percent=50, change=by)

    again = decide(tx, one.id, Decision.APPROVE, change=by)

    assert (again.who_pays, again.refund_percent, again.version) == (Payer.SHOP, 50, 2)
    with pytest.raises(IllegalReturn):
        decide(tx, one.id, Decision.REJECT, change=by)


def test_where_nothing_goes_back_the_return_is_closed_at_once(tx: Tx) -> None:
    one = asked(tx, delivered(tx, (MUG, 2)), {1: 1}, verdict=approved_at(percent=0))

    assert came(tx, one, (1, 1, Condition.UNOPENED)).state is State.CLOSED
    assert rows(tx, "refund") == 0


def test_two_lines_of_several_goods_come_back_by_one_movement_each(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 2), (TEA, 1), (LAMP, 1))
    one = asked(tx, order_id, {1: 2, 2: 1, 3: 1}, verdict=approved_at())

    came(
        tx,
        one,
        (1, 2, Condition.UNOPENED),
        (2, 1, Condition.USED),
        (3, 1, Condition.UNOPENED),
    )

    assert rows(tx, "movement", "cause = 'return'") == 3
    assert rows(tx, "movement", "cause = 'scrap'") == 1
    assert unbalanced(tx) == []


def test_returns_are_listed_newest_first_by_state(tx: Tx) -> None:
    order_id = delivered(tx, (MUG, 3))
    first, second = (asked(tx, order_id, {1: 1}) for _ in range(2))
    decide(tx, first.id, Decision.REJECT, change=change())

    listed = store.page(tx, state=None, after=None, at_most=9)
    assert [one.id for one in listed] == [second.id, first.id]
    assert [one.id for one in store.page(tx, state=State.REQUESTED, after=None, at_most=9)] == [
        second.id
    ]
    assert [one.id for one in store.page(tx, state=None, after=second.id, at_most=9)] == [first.id]


@pytest.mark.parametrize(
    "broken",
    [
        "state = 'received'",
        "state = 'closed'",
        "state = 'lost'",
        "amount_minor = 1",
        "refund_percent = 101",
        "who_pays = 'nobody'",
    ],
)
def test_a_return_that_contradicts_itself_is_refused(tx: Tx, broken: str) -> None:
    asked(tx, delivered(tx, (MUG, 1)), {1: 1})

    with pytest.raises(IntegrityError):
        tx.execute(text(f"UPDATE order_return SET {broken}"))  # noqa: S608 - our own words


def test_more_cannot_be_restocked_than_was_asked_for(tx: Tx) -> None:
    asked(tx, delivered(tx, (MUG, 1)), {1: 1})

    with pytest.raises(IntegrityError):
        tx.execute(text("UPDATE return_line SET restocked = 2"))


def test_half_a_minor_unit_goes_to_the_shopper() -> None:
    assert worth({1: (1, 5)}, 50) == 3
    assert worth({1: (3, 999), 2: (1, 1)}, 80) == 2398


def test_every_move_names_its_reasons_and_states() -> None:
    assert {move.target for move in MOVES} == set(State) - {State.REQUESTED}
    assert all(move.sources and move.reasons for move in MOVES)
