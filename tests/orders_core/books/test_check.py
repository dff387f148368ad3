"""The books balance after any history, and each of their promises finds its own breach."""

from random import Random

import pytest
from sqlalchemy import text

from orders_core.books.check import QUERIES, Invariant, balanced, check, read_invariants
from orders_core.ids import OrderId
from orders_core.orders.order import IllegalMove, OrderStatus
from orders_core.tx import Tx
from tests.buying import (
    LAMP,
    MUG,
    TEA,
    bought,
    buy,
    fill,
    moved,
    out_of_balance,
    paid,
    rows,
    wish,
)
from tests.dice import dice

GONE_PAST_THE_TRIGGERS = "SET LOCAL session_replication_role = replica"

#: What a superuser could do behind the triggers' back, and the promises it breaks.
BREACHES = {
    "UPDATE level SET on_hand = on_hand + 1 WHERE on_hand > 0": ["stock_equals_movements"],
    "DELETE FROM movement WHERE cause = 'sale'": ["stock_equals_movements"],
    "UPDATE level SET reserved = reserved - 1 WHERE reserved > 0": ["reserved_equals_reservations"],
    "ALTER TABLE level DROP CONSTRAINT ck_level_reserved_within_stock;"
    "UPDATE level SET reserved = on_hand + 1": [
        "reserved_equals_reservations",
        "reservations_within_stock",
    ],
    "UPDATE reservation SET state = 'released' WHERE state = 'confirmed'": [
        "reservations_follow_orders"
    ],
    "UPDATE reservation SET state = 'confirmed' WHERE state = 'released'": [
        "reservations_follow_orders"
    ],
    "UPDATE orders SET mirrored = true WHERE status = 'shipped'": [
        "reservations_follow_orders",
        "reservations_equal_lines",
    ],
    "UPDATE order_line SET quantity = quantity + 1, unit_minor = 0": [
        "reservations_equal_lines",
        "totals_equal_lines",
    ],
    "INSERT INTO order_line (order_id, position, code, title, quantity, unit_minor)"
    " VALUES (uuid7(), 1, 'MUG', 'Mug', 1, 0)": ["lines_have_orders"],
    "UPDATE orders SET total_minor = total_minor + 1": ["totals_equal_lines"],
    "UPDATE orders SET version = version + 1 WHERE status = 'paid'": ["every_change_has_history"],
    "DELETE FROM history WHERE version = 2 AND type = 'order.updated'": [
        "every_change_has_history",
        "every_change_has_one_event",
    ],
    "DELETE FROM outbox WHERE version = 1": ["every_change_has_one_event"],
    "UPDATE outbox SET type = 'order.paid' WHERE type = 'order.placed'": [
        "every_change_has_one_event"
    ],
    "UPDATE orders SET delivered_at = paid_at WHERE status = 'paid'": ["every_move_has_one_event"],
    "INSERT INTO outbox (id, entity_id, version, type)"
    " SELECT '00000000-0000-7000-8000-000000000000', uuid7(), 1, 'x'": [
        "every_change_has_one_event",
        "partitions_made_ahead",
    ],
}


def busy(tx: Tx, chance: Random, steps: int) -> None:
    """Live through orders, payments, shipments, cancellations, and counts."""
    fill(tx, {MUG: 5_000, TEA: 40, LAMP: 20})
    known: list[OrderId] = [bought(tx, (MUG, 1))]
    for _ in range(steps):
        order_id = chance.choice(known)
        try:
            match chance.randrange(7):
                case 0 | 1:
                    buy(tx, *[wish((chance.choice([MUG, TEA, LAMP]), chance.randint(1, 30)))] * 3)
                case 2:
                    known.append(bought(tx, (MUG, 1)))
                case 3:
                    paid(tx, order_id)
                case 4:
                    moved(tx, order_id, OrderStatus.SHIPPED)
                case 5:
                    moved(tx, order_id, OrderStatus.CANCELLED)
                case _:
                    fill(tx, {MUG: 5_000 + chance.randint(0, 50)})
        except IllegalMove:
            continue


def one_of_each(tx: Tx) -> None:
    """Bring an order into every state, one with a changed reference."""
    fill(tx, {MUG: 50, TEA: 50})
    bought(tx, (MUG, 1), (TEA, 1))
    paid(tx, bought(tx, (MUG, 2)))
    moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)
    moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED)
    moved(tx, moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED), OrderStatus.DELIVERED)
    bought(tx, (MUG, 3))
    tx.execute(text("UPDATE orders SET reference = 'W-1' WHERE total_minor = 14700"))


@pytest.mark.parametrize("seed", range(4))
def test_the_books_balance_after_a_busy_day(tx: Tx, seed: int) -> None:
    busy(tx, dice(seed), steps=80)

    assert rows(tx, "orders") > 20
    assert out_of_balance(tx) == []


def test_an_empty_shop_is_in_balance(tx: Tx) -> None:
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach[:60])
def test_every_promise_finds_its_breach(tx: Tx, breach: str) -> None:
    one_of_each(tx)
    assert out_of_balance(tx) == []

    tx.execute(text(GONE_PAST_THE_TRIGGERS))
    for statement in breach.split(";"):
        assert tx.execute(text(statement)).rowcount != 0

    assert out_of_balance(tx) == BREACHES[breach]


def test_every_promise_has_a_breach_planted() -> None:
    promised = {invariant.name for invariant in read_invariants(QUERIES)}

    assert promised == {name for names in BREACHES.values() for name in names}


def test_every_promise_is_a_sentence() -> None:
    for invariant in read_invariants(QUERIES):
        assert invariant.says[0].isupper()
        assert invariant.says.endswith(".")
        assert invariant.query.upper().startswith("SELECT")


def test_a_finding_counts_its_breaches(tx: Tx) -> None:
    findings = check(
        tx,
        [
            Invariant("two_is_none", "Two is none.", "SELECT 2"),
            Invariant("none_is_none", "None is none.", "SELECT 0"),
        ],
    )

    assert [finding.broken for finding in findings] == [2, 0]
    assert balanced(findings) == {"two_is_none": False, "none_is_none": True}
