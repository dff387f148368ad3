"""How an order stood at any past time, its lines with it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from orders_core.ids import OrderId, new_id
from orders_core.orders.as_of import Past, order_as_of
from orders_core.orders.cancel import cancel_units
from orders_core.orders.edit import edit
from orders_core.orders.expire import expire
from orders_core.orders.moves import Reason
from orders_core.orders.order import OrderStatus, Payment, Standing
from orders_core.orders.pay import pay
from orders_core.tx import Tx
from tests.buying import HALF_AN_HOUR, MUG, TEA, bought, change, fill, order
from tests.shop import MORNING

A_MINUTE = timedelta(minutes=1)


def at(tx: Tx, order_id: OrderId, minutes: float) -> Past:
    found = order_as_of(tx, order_id, MORNING + minutes * A_MINUTE)
    assert found is not None
    return found


def goods(past: Past) -> list[tuple[str, int]]:
    return [(line.code, line.quantity) for line in past.order.lines]


def lived(tx: Tx) -> OrderId:
    """Place an order, edit it after 10 minutes, pay after 20, call a unit off after 30."""
    fill(tx, {MUG: 9, TEA: 9})
    order_id = bought(tx, (MUG, 3))
    edit(tx, order_id, {MUG: 1, TEA: 2}, change=change(at=MORNING + 10 * A_MINUTE))
    pay(tx, order_id, "pi_1", change=change("gateway", why="paid", at=MORNING + 20 * A_MINUTE))
    off = change("agent", why="", at=MORNING + 30 * A_MINUTE)
    cancel_units(tx, order_id, {2: 1}, reason=Reason.CHANGED_MIND, change=off)
    return order_id


def test_each_past_time_has_its_lines_its_total_and_its_payment(tx: Tx) -> None:
    order_id = lived(tx)

    seen = [at(tx, order_id, minutes) for minutes in (0, 10, 20, 30)]

    assert [goods(past) for past in seen] == [
        [(MUG, 3)],
        [(MUG, 1), (TEA, 2)],
        [(MUG, 1), (TEA, 2)],
        [(MUG, 1), (TEA, 1)],
    ]
    assert [past.order.total_minor for past in seen] == [14_700, 30_500, 30_500, 17_700]
    assert [past.order.payment for past in seen] == ["unpaid", "unpaid", "paid", "paid"]
    assert [past.order.version for past in seen] == [1, 2, 3, 4]


def test_a_state_holds_until_the_next_one_begins(tx: Tx) -> None:
    order_id = lived(tx)

    assert at(tx, order_id, 9.99).order == at(tx, order_id, 0).order
    assert at(tx, order_id, 19.99).order == at(tx, order_id, 10).order


def test_the_present_is_the_last_past(tx: Tx) -> None:
    order_id = lived(tx)

    assert at(tx, order_id, 9_999).order == order(tx, order_id)


def test_it_says_who_had_made_it_so_why_and_when(tx: Tx) -> None:
    order_id = lived(tx)

    past = at(tx, order_id, 31)

    assert (past.by, past.why, past.since) == (
        "agent",
        "changed_mind",
        MORNING + 30 * A_MINUTE,
    )


def test_before_it_was_placed_there_was_none(tx: Tx) -> None:
    order_id = lived(tx)

    assert order_as_of(tx, order_id, MORNING - A_MINUTE) is None
    assert order_as_of(tx, OrderId(new_id()), MORNING) is None


def test_an_end_that_was_noticed_later_was_an_end_all_the_same(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))
    expire(tx, now=MORNING + timedelta(hours=5), at_most=10)

    assert at(tx, order_id, 29).order.standing is Standing.OPEN
    assert at(tx, order_id, 30).order.status is OrderStatus.CANCELLED


def test_what_the_books_did_not_know_yet_can_be_left_out(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))
    known = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    expire(tx, now=MORNING + timedelta(hours=5), at_most=10)
    later = MORNING + HALF_AN_HOUR

    found = order_as_of(tx, order_id, later, known_at=known)

    assert found is not None
    assert found.order.standing is Standing.OPEN
    assert order_as_of(tx, order_id, later, known_at=datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_a_history_from_before_the_axes_is_read_by_its_one_word(tx: Tx) -> None:
    order_id = lived(tx)
    tx.execute(
        text(
            "UPDATE history SET new = new - 'standing' - 'payment' - 'fulfilment' - 'paid_minor'"
            " - 'refund_minor' - 'lines_version' - 'pay_until' WHERE entity_id = :id"
        ),
        {"id": order_id},
    )

    past = at(tx, order_id, 20)

    assert (past.order.status, past.order.payment) == (OrderStatus.PAID, Payment.PAID)
    assert past.order.standing is Standing.OPEN
