"""An order is changed before it leaves: all of the change or nothing of it."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.events import EventType
from orders_core.ids import OrderId, new_id
from orders_core.orders import refund
from orders_core.orders.edit import NothingLeft, edit
from orders_core.orders.order import Cause, IllegalMove, OrderStatus, Payment
from orders_core.orders.refusals import CannotPlace, NoPrice, SoldOut, UnknownSku
from orders_core.orders.ship import Shipment, ship
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests import poll
from tests.buying import (
    HALF_AN_HOUR,
    KIMONO,
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
from tests.shop import MORNING, Shop
from tests.together import together


def edited(tx: Tx, order_id: OrderId, **quantities: int) -> None:
    edit(tx, order_id, quantities, change=change("agent", why="edited"))


def ordered(tx: Tx, *, is_paid: bool = False) -> OrderId:
    """Buy three mugs and two teas."""
    fill(tx, {MUG: 9, TEA: 9, LAMP: 9, KIMONO: 9})
    order_id = bought(tx, (MUG, 3), (TEA, 2))
    return paid(tx, order_id) if is_paid else order_id


def quantities(tx: Tx, order_id: OrderId) -> dict[str, int]:
    return {line.code: line.quantity for line in order(tx, order_id).lines}


def reserved(tx: Tx, *codes: str) -> list[int]:
    return [level(tx, code).reserved for code in codes]


def test_an_unpaid_order_changes_freely(tx: Tx) -> None:
    order_id = ordered(tx)

    edited(tx, order_id, MUG=5, TEA=0, LAMP=1)

    found = order(tx, order_id)
    assert quantities(tx, order_id) == {MUG: 5, LAMP: 1}
    assert (found.total_minor, found.payment) == (5 * 4_900 + 19_900, Payment.UNPAID)
    assert reserved(tx, MUG, TEA, LAMP) == [5, 0, 1]
    assert history_of(tx, order_id)[-1].type is EventType.ORDER_EDITED
    assert out_of_balance(tx) == []


def test_what_comes_on_top_is_held_as_long_as_the_rest(tx: Tx) -> None:
    order_id = ordered(tx)

    edited(tx, order_id, MUG=5, LAMP=1)

    assert rows(tx, "reservation", f"expires_at = '{MORNING + HALF_AN_HOUR}'") == 4


def test_more_of_a_line_costs_its_own_price_and_new_goods_todays(tx: Tx) -> None:
    order_id = ordered(tx)
    tx.execute(text("UPDATE sku SET price_minor = price_minor * 2"))

    edited(tx, order_id, MUG=4, LAMP=1)

    assert [line.unit_minor for line in order(tx, order_id).lines] == [4_900, 12_800, 2 * 19_900]
    assert out_of_balance(tx) == []


def test_a_paid_order_that_gets_cheaper_pays_the_difference_back(tx: Tx) -> None:
    order_id = ordered(tx, is_paid=True)

    edited(tx, order_id, TEA=1, MUG=4)

    [back] = refund.of_order(tx, order_id)
    assert (back.amount_minor, back.cause) == (12_800 - 4_900, Cause.EDITED)
    assert (order(tx, order_id).payment, order(tx, order_id).status) == ("paid", "paid")
    assert out_of_balance(tx) == []


def test_a_paid_order_may_not_get_dearer_and_nothing_of_the_change_stays(tx: Tx) -> None:
    order_id = ordered(tx, is_paid=True)
    before = (order(tx, order_id), reserved(tx, MUG, TEA, LAMP), rows(tx, "outbox"))

    with pytest.raises(IllegalMove, match="it is paid and would cost more; place a second"):
        edited(tx, order_id, TEA=1, LAMP=1)

    assert (order(tx, order_id), reserved(tx, MUG, TEA, LAMP), rows(tx, "outbox")) == before
    assert out_of_balance(tx) == []


def test_a_swap_at_the_same_price_is_a_new_version_too(tx: Tx) -> None:
    order_id = ordered(tx, is_paid=True)
    tx.execute(text(f"UPDATE sku SET price_minor = 12800 WHERE code = '{LAMP}'"))  # noqa: S608

    edited(tx, order_id, TEA=1, LAMP=1)

    assert quantities(tx, order_id) == {MUG: 3, TEA: 1, LAMP: 1}
    assert (order(tx, order_id).version, order(tx, order_id).lines_version) == (3, 3)
    assert refund.of_order(tx, order_id) == []
    assert out_of_balance(tx) == []


def test_naming_what_is_there_already_changes_nothing(tx: Tx) -> None:
    order_id = ordered(tx)
    before = order(tx, order_id)

    edited(tx, order_id, MUG=3)
    edited(tx, order_id, LAMP=0)

    assert order(tx, order_id) == before


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"MUG": 10}, SoldOut),
        ({"TEA": 1, "LAMP": 10}, SoldOut),
        ({"UNICORN": 1}, UnknownSku),
        ({"KIMONO": 1}, NoPrice),
    ],
)
def test_goods_that_cannot_be_had_leave_everything_as_it_was(
    tx: Tx, wanted: dict[str, int], refusal: type[CannotPlace]
) -> None:
    order_id = ordered(tx)
    before = (order(tx, order_id), reserved(tx, MUG, TEA, LAMP, KIMONO))

    with pytest.raises(refusal):
        edited(tx, order_id, **wanted)

    assert (order(tx, order_id), reserved(tx, MUG, TEA, LAMP, KIMONO)) == before


def test_units_of_an_order_whose_time_is_up_are_to_be_had(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    over = bought(tx, (MUG, 3))
    tx.execute(text("UPDATE orders SET pay_until = :at"), {"at": MORNING - HALF_AN_HOUR})
    mine = bought(tx, (MUG, 1))

    edited(tx, mine, MUG=4)

    assert order(tx, over).status is OrderStatus.CANCELLED
    assert reserved(tx, MUG) == [4]


def test_an_order_of_nothing_is_to_be_cancelled_instead(tx: Tx) -> None:
    order_id = ordered(tx)

    with pytest.raises(NothingLeft, match="cancel it instead"):
        edited(tx, order_id, MUG=0, TEA=0)

    assert reserved(tx, MUG, TEA) == [3, 2]


def test_what_has_left_what_is_over_and_what_is_cancelled_is_not_edited(tx: Tx) -> None:
    gone, over, cancelled = ordered(tx, is_paid=True), bought(tx, (MUG, 1)), bought(tx, (MUG, 1))
    ship(tx, gone, [Shipment(units={1: 1})], change=change("clerk"))
    moved(tx, cancelled, OrderStatus.CANCELLED)

    for order_id, guard in (
        (gone, "nothing_shipped"),
        (over, "within_time"),
        (cancelled, "sources"),
    ):
        with pytest.raises(IllegalMove) as refused:
            edit(tx, order_id, {MUG: 1}, change=change(at=MORNING + HALF_AN_HOUR))
        assert refused.value.refusal.guard == guard


def test_nobodys_order_is_not_edited(tx: Tx) -> None:
    with pytest.raises(NotFound):
        edited(tx, OrderId(new_id()), MUG=1)


def test_an_edit_and_a_cancellation_at_the_same_moment_leave_the_books_true(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 40, TEA: 40, LAMP: 40})
        orders = [bought(tx, (TEA, 1)) for _ in range(15)]

    def edits(order_id: OrderId) -> str:
        try:
            with begin(shop.engine) as tx:
                edited(tx, order_id, TEA=0, MUG=1, LAMP=1)
        except IllegalMove:
            return "refused"
        return "edited"

    def cancels(order_id: OrderId) -> str:
        with begin(shop.engine) as tx:
            moved(tx, order_id, OrderStatus.CANCELLED)
        return "cancelled"

    for order_id in orders:
        first, second = together(partial(edits, order_id), partial(cancels, order_id))
        assert (first in {"edited", "refused"}, second) == (True, "cancelled")
        with begin(shop.engine) as tx:
            assert order(tx, order_id).status is OrderStatus.CANCELLED

    with begin(shop.engine) as tx:
        assert reserved(tx, MUG, TEA, LAMP) == [0, 0, 0]
        assert out_of_balance(tx) == []


def test_a_cancellation_that_waited_for_an_edit_locks_anew_what_the_edit_claimed(
    shop: Shop,
) -> None:
    """It holds no order while it waits for a level: a third, with that level, gets the order."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5, TEA: 5})
        order_id = bought(tx, (TEA, 1))

    def cancel() -> None:
        with begin(shop.engine) as tx:
            moved(tx, order_id, OrderStatus.CANCELLED)

    def hold_mugs_then_the_order() -> None:
        with begin(shop.engine) as tx:
            mugs = "SELECT FROM level JOIN sku ON sku_id = sku.id WHERE code = 'MUG' FOR UPDATE"
            tx.execute(text(mugs))
            poll.until(lambda: _waiting(shop) == 1, within_seconds=10)
            tx.execute(text("SELECT FROM orders FOR UPDATE"))

    with ThreadPoolExecutor(2) as pool:
        with begin(shop.engine) as editing:
            edited(editing, order_id, TEA=0, MUG=2)
            others = [pool.submit(hold_mugs_then_the_order), pool.submit(cancel)]
            poll.until(lambda: _waiting(shop) == 2, within_seconds=10)
        for going in others:
            going.result(10)

    with begin(shop.engine) as tx:
        assert order(tx, order_id).status is OrderStatus.CANCELLED
        assert reserved(tx, MUG, TEA) == [0, 0]
        assert out_of_balance(tx) == []


def _waiting(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return int(
            tx.scalar(
                text(
                    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE NOT granted AND datname = current_database()"
                )
            )
            or 0
        )
