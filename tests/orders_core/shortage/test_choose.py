"""The shopper waits, swaps or has the money back; each choice counts once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from orders_core.orders.order import Fulfilment, IllegalMove, OrderStatus, Payment
from orders_core.shortage.choice import (
    BadWait,
    CannotSwap,
    NothingShort,
    NotOffered,
    Refund,
    Swap,
    Wait,
)
from orders_core.shortage.choose import choose, end_waits
from orders_core.shortage.offer import offers
from orders_core.shortage.short import Act, Held, Turn
from orders_core.tx import Tx
from tests.buying import (
    LAMP,
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
from tests.shop import MORNING
from tests.shorts import NEXT_WEEK, counted, shopper, short, states


def test_a_refund_takes_the_units_off_the_order_and_asks_their_money_back(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3), (TEA, 1), left=1)

    chosen = choose(tx, order_id, Refund(), change=shopper())

    after = order(tx, order_id)
    assert [(line.code, line.quantity) for line in after.lines] == [(MUG, 1), (TEA, 1)]
    assert (after.total_minor, after.refund_minor) == (4_900 + 12_800, 2 * 4_900)
    assert (after.short_units, after.payment, after.standing) == (0, Payment.PAID, "open")
    assert (chosen.units, chosen.refunded_minor, chosen.is_new) == (2, 9_800, True)
    assert rows(tx, "refund", "cause = 'short' AND amount_minor = 9800") == 1
    assert states(tx, order_id) == [("refunded", 2)]
    assert rows(tx, "level", "short <> 0") == 0
    assert rows(tx, "history", "type = 'order.short_settled'") == 1
    assert out_of_balance(tx) == []


def test_a_refund_of_all_that_an_order_holds_cancels_it(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3))

    chosen = choose(tx, order_id, Refund(), change=shopper())

    after = order(tx, order_id)
    assert (after.status, after.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
    assert (after.short_units, chosen.refunded_minor) == (0, 3 * 4_900)
    assert states(tx, order_id) == [("refunded", 3)]
    assert rows(tx, "history", "type = 'order.cancelled' AND change_reason = 'out_of_stock'") == 1
    assert out_of_balance(tx) == []


def test_an_order_that_nobody_paid_only_loses_the_units(tx: Tx) -> None:
    fill(tx, {MUG: 3, TEA: 1})
    order_id = bought(tx, (MUG, 3), (TEA, 1))
    counted(tx, 1)

    assert choose(tx, order_id, Refund(), change=shopper()).refunded_minor == 0

    assert order(tx, order_id).total_minor == 4_900 + 12_800
    assert rows(tx, "refund") == 0


def test_the_last_units_of_a_partly_shipped_order_refunded_leave_it_shipped(tx: Tx) -> None:
    order_id = short(tx, (MUG, 2), (TEA, 1))
    tx.execute(text("UPDATE orders SET fulfilment = 'partly_shipped'"))
    tx.execute(text("UPDATE reservation SET state = 'confirmed' WHERE state = 'held'"))
    tx.execute(text("UPDATE level SET reserved = 0, on_hand = 0"))

    choose(tx, order_id, Refund(), change=shopper())

    after = order(tx, order_id)
    assert (after.status, after.fulfilment) == (OrderStatus.SHIPPED, Fulfilment.SHIPPED)
    assert after.shipped_at == MORNING


def test_waiting_keeps_the_units_owed_until_the_day(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3))

    choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())

    assert states(tx, order_id) == [("waiting", 3)]
    assert order(tx, order_id).short_units == 3
    assert end_waits(tx, now=NEXT_WEEK - timedelta(seconds=1), at_most=9) == []


def test_past_the_day_it_waits_until_it_is_refunded_as_of_that_day(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3), (TEA, 1))
    choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())

    assert end_waits(tx, now=NEXT_WEEK + timedelta(days=2), at_most=9) == [order_id]
    assert end_waits(tx, now=NEXT_WEEK + timedelta(days=2), at_most=9) == []

    assert states(tx, order_id) == [("refunded", 3)]
    settled = text("SELECT settled_at FROM shortage")
    assert tx.scalar(settled) == NEXT_WEEK
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_wait_ends_on_a_day_to_come_and_not_too_far_off(tx: Tx, days: int) -> None:
    order_id = short(tx, (MUG, 3))

    with pytest.raises(BadWait):
        choose(tx, order_id, Wait(MORNING + timedelta(days=days)), change=shopper())


def test_who_waits_may_still_have_the_money_back(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3))
    choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())

    assert choose(tx, order_id, Refund(), change=shopper()).is_new

    assert states(tx, order_id) == [("refunded", 3)]


def test_a_swap_holds_other_goods_and_gives_the_difference_back(tx: Tx) -> None:
    order_id = short(tx, (TEA, 2), (LAMP, 1), left=1)
    fill(tx, {MUG: 5})

    chosen = choose(tx, order_id, Swap(MUG), change=shopper())

    after = order(tx, order_id)
    assert [(line.code, line.quantity) for line in after.lines] == [(TEA, 1), (LAMP, 1), (MUG, 1)]
    assert after.total_minor == 12_800 + 19_900 + 4_900
    assert (after.refund_minor, chosen.refunded_minor) == (7_900, 7_900)
    assert (after.short_units, level(tx, MUG).reserved) == (0, 1)
    assert states(tx, order_id) == [("swapped", 1)]
    assert out_of_balance(tx) == []


def test_a_swap_for_goods_that_are_on_the_order_adds_to_their_line(tx: Tx) -> None:
    order_id = short(tx, (TEA, 2), (MUG, 1))
    fill(tx, {MUG: 5})

    choose(tx, order_id, Swap(MUG), change=shopper())

    assert [(line.code, line.quantity) for line in order(tx, order_id).lines] == [(MUG, 3)]
    assert out_of_balance(tx) == []


@pytest.mark.parametrize(
    ("code", "says"),
    [(LAMP, "costs more"), (MUG, "too few"), ("NIX", "no such SKU"), (TEA, "what is short")],
)
def test_a_swap_that_will_not_do_changes_nothing(tx: Tx, code: str, says: str) -> None:
    order_id = short(tx, (TEA, 2))
    fill(tx, {LAMP: 5, MUG: 1})

    with pytest.raises(CannotSwap, match=says):
        choose(tx, order_id, Swap(code), change=shopper())

    assert states(tx, order_id) == [("open", 2)]
    assert order(tx, order_id).short_units == 2


def test_units_kept_back_or_owed_to_others_are_no_swap(tx: Tx) -> None:
    order_id = short(tx, (TEA, 2))
    fill(tx, {MUG: 5})
    tx.execute(text("UPDATE level SET safety_stock = 4 WHERE on_hand = 5"))

    assert offers(tx, order_id)[0].may == {Act.WAIT, Act.REFUND}
    with pytest.raises(CannotSwap, match="too few"):
        choose(tx, order_id, Swap(MUG), change=shopper())


@pytest.mark.parametrize("choice", [Refund(), Wait(NEXT_WEEK), Swap(MUG)])
def test_chosen_twice_is_chosen_once(tx: Tx, choice: Refund | Wait | Swap) -> None:
    order_id = short(tx, (TEA, 2), (LAMP, 1))
    fill(tx, {MUG: 5})
    first = choose(tx, order_id, choice, change=shopper())
    before = rows(tx, "history"), rows(tx, "refund"), states(tx, order_id)

    again = choose(tx, order_id, choice, change=shopper())

    assert (first.is_new, again.is_new) == (True, False)
    assert (rows(tx, "history"), rows(tx, "refund"), states(tx, order_id)) == before


def test_another_choice_after_the_end_finds_nothing_short(tx: Tx) -> None:
    order_id = short(tx, (TEA, 2), (LAMP, 1))
    choose(tx, order_id, Refund(), change=shopper())

    with pytest.raises(NothingShort):
        choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())


def test_only_what_was_offered_can_be_chosen(tx: Tx) -> None:
    def refund_only(_held: Held) -> Turn:
        return Turn(1, frozenset({Act.REFUND}))

    fill(tx, {MUG: 3})
    order_id = paid(tx, bought(tx, (MUG, 3)))
    counted(tx, 0, rank=refund_only)

    with pytest.raises(NotOffered):
        choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())


def test_one_kind_of_goods_can_be_settled_alone(tx: Tx) -> None:
    fill(tx, {MUG: 3, TEA: 2})
    order_id = paid(tx, bought(tx, (MUG, 3), (TEA, 2)))
    counted(tx, 0)
    counted(tx, 0, code=TEA)

    choose(tx, order_id, Refund(), code="tea", change=shopper())

    assert sorted(states(tx, order_id)) == [("open", 3), ("refunded", 2)]
    assert order(tx, order_id).short_units == 3
    assert rows(tx, "history", "type = 'order.short_settled'") == 0
    assert out_of_balance(tx) == []


def test_a_cancelled_order_lets_go_of_what_it_was_short_of(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3), left=1)

    moved(tx, order_id, OrderStatus.CANCELLED)

    assert states(tx, order_id) == [("cancelled", 2)]
    assert order(tx, order_id).short_units == 0
    assert rows(tx, "level", "short <> 0 OR reserved <> 0") == 0
    assert out_of_balance(tx) == []


def test_units_let_go_by_hand_are_owed_no_longer(tx: Tx) -> None:
    order_id = short(tx, (MUG, 5), left=2)
    counted(tx, 1)

    tx.execute(text("UPDATE reservation SET quantity = quantity - 2 WHERE quantity = 3"))

    assert states(tx, order_id) == [("open", 2), ("cancelled", 1), ("cancelled", 1)]


@pytest.mark.parametrize(
    "broken",
    [
        "state = 'waiting'",
        "state = 'refunded'",
        "state = 'swapped', settled_at = now()",
        "settled_at = now()",
        "quantity = 0",
        "choices = '{beg}'",
        "state = 'lost'",
        "chosen_by = 'nobody'",
    ],
)
def test_a_shortage_that_contradicts_itself_is_refused(tx: Tx, broken: str) -> None:
    short(tx, (MUG, 5))

    with pytest.raises(IntegrityError):
        tx.execute(text(f"UPDATE shortage SET {broken}"))  # noqa: S608 - our own words


def test_the_offer_names_the_goods_the_choices_and_what_could_go_instead(tx: Tx) -> None:
    order_id = short(tx, (TEA, 2))
    fill(tx, {MUG: 5, LAMP: 5})

    [offer] = offers(tx, order_id)

    assert (offer.code, offer.units, offer.unit_minor, offer.currency) == (TEA, 2, 12_800, "CNY")
    assert offer.may == {Act.WAIT, Act.SWAP, Act.REFUND}
    assert [other.code for other in offer.instead] == [MUG]

    choose(tx, order_id, Refund(), change=shopper())
    [settled] = offers(tx, order_id)
    assert (settled.state, settled.may) == ("refunded", frozenset())


def test_a_short_order_ships_when_it_is_settled_and_not_before(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3), left=1)
    with pytest.raises(IllegalMove, match="short"):
        moved(tx, order_id, OrderStatus.SHIPPED)

    choose(tx, order_id, Refund(), change=change("shopper"))

    assert order(tx, moved(tx, order_id, OrderStatus.SHIPPED)).status is OrderStatus.SHIPPED
