"""Foreign orders in the database: same rows whatever the order, one event a move, no stock."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.db.transaction import begin
from orders_core.events import Ring
from orders_core.ids import PersonId, new_id
from orders_core.orders import mirror_store
from orders_core.orders.mirror import BadSnapshot, Came, Content, Snapshot, merge
from orders_core.orders.mirroring import Mirrored, mirror
from orders_core.orders.order import Line, OrderStatus
from orders_core.orders.tables import order_line, orders
from orders_core.outbox.tables import history
from orders_core.stock.tables import reservation
from orders_core.tx import Tx
from tests.dice import dice
from tests.shop import Shop

PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
ROAD = (PLACED, PAID, SHIPPED, DELIVERED)
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = PersonId(new_id())
MUG = Line(code="MUG", title="Mug", quantity=2, unit_minor=4900)
BOWL = Line(code="BOWL", title="Bowl", quantity=1, unit_minor=2000)


def snapshot(version: int, status: OrderStatus, reference: str = "A1", **more: Any) -> Snapshot:
    lines = more.pop("lines", (MUG,))
    total = sum(line.quantity * line.unit_minor for line in lines)
    facts: dict[str, Any] = {
        "source": "taoli",
        "occurred_at": MONDAY + version * HOUR,
        "content": Content(person_id=ANA, currency="CNY", total_minor=total, lines=lines),
    }
    return Snapshot(reference=reference, source_version=version, status=status, **(facts | more))


def take(tx: Tx, *snapshots: Snapshot, ring: Ring = Ring.NOW) -> list[Mirrored]:
    return mirror(tx, snapshots, by="key", ring=lambda _: ring)


def events(tx: Tx) -> list[tuple[str, str]]:
    rows = tx.execute(select(history.c.type, history.c.ring).order_by(history.c.version))
    return [(row.type, row.ring) for row in rows]


def test_a_mirrored_order_is_an_ordinary_row_without_stock(tx: Tx) -> None:
    take(tx, snapshot(1, PLACED))

    row = tx.execute(select(orders)).one()
    assert (row.mirrored, row.source, row.reference, row.status) == (True, "taoli", "A1", "placed")
    assert tx.scalar(select(func.count()).select_from(reservation)) == 0
    assert row.number > 0


def test_every_step_in_one_batch_has_its_event_in_version_order(tx: Tx) -> None:
    take(tx, snapshot(4, DELIVERED), snapshot(1, PLACED), snapshot(3, SHIPPED), snapshot(2, PAID))

    assert events(tx) == [(f"order.{status}", "now") for status in ROAD]


def test_a_jump_is_one_move_that_names_what_it_skipped(tx: Tx) -> None:
    take(tx, snapshot(1, PLACED))
    take(tx, snapshot(4, DELIVERED))

    assert tx.scalar(select(orders.c.skipped)) == ["paid", "shipped"]
    assert events(tx)[1:] == [("order.delivered", "now")]


def test_an_order_first_heard_of_when_delivered_skipped_the_road(tx: Tx) -> None:
    take(tx, snapshot(4, DELIVERED))

    assert tx.scalar(select(orders.c.skipped)) == ["paid", "shipped"]
    assert events(tx) == [("order.delivered", "now")]


def test_an_older_snapshot_becomes_history_and_tells_nobody(tx: Tx) -> None:
    take(tx, snapshot(4, DELIVERED))
    late = take(tx, snapshot(2, PAID))

    row = tx.execute(select(orders)).one()
    assert [outcome.came for outcome in late] == [Came.LATE]
    assert (row.status, row.paid_at, row.skipped) == ("delivered", MONDAY + 2 * HOUR, ["shipped"])
    assert events(tx)[1:] == [("order.updated", "never")]


def test_the_same_snapshot_again_changes_nothing(tx: Tx) -> None:
    first = take(tx, snapshot(1, PLACED), snapshot(1, PLACED))
    again = take(tx, snapshot(1, PLACED))

    assert [outcome.came for outcome in first] == [Came.NEWS, Came.AGAIN]
    assert [outcome.came for outcome in again] == [Came.AGAIN]
    assert events(tx) == [("order.placed", "now")]


def test_the_newest_snapshots_lines_replace_the_old(tx: Tx) -> None:
    take(tx, snapshot(1, PLACED))
    take(tx, snapshot(2, PAID, lines=(BOWL, MUG)))
    take(tx, snapshot(3, PAID, lines=(BOWL,)))

    kept = tx.execute(
        select(order_line.c.code, order_line.c.since_version, order_line.c.until_version).order_by(
            order_line.c.since_version, order_line.c.position
        )
    )
    assert [tuple(row) for row in kept] == [
        ("MUG", 1, 2),
        ("BOWL", 2, 3),
        ("MUG", 2, 3),
        ("BOWL", 3, None),
    ]
    assert tx.scalar(select(orders.c.lines_version)) == 3


def test_lines_of_an_older_snapshot_are_not_taken(tx: Tx) -> None:
    take(tx, snapshot(2, PAID, lines=(BOWL,)))
    take(tx, snapshot(1, PLACED, lines=(MUG,)))

    assert list(tx.scalars(select(order_line.c.code))) == ["BOWL"]


def test_a_guessed_state_tells_nobody_and_sets_no_moment(tx: Tx) -> None:
    take(tx, snapshot(1, PLACED), snapshot(2, DELIVERED, is_guessed=True), ring=Ring.THEN)

    assert tx.scalar(select(orders.c.delivered_at)) is None
    assert events(tx) == [("order.placed", "then"), ("order.delivered", "never")]


def test_a_change_happened_when_its_snapshot_says(tx: Tx) -> None:
    take(tx, snapshot(1, PLACED), snapshot(2, PAID))

    times = list(tx.scalars(select(history.c.changed_at).order_by(history.c.version)))
    assert times == [MONDAY + HOUR, MONDAY + 2 * HOUR]


def test_our_own_orders_are_not_mirrored() -> None:
    with pytest.raises(BadSnapshot, match="this shop"):
        snapshot(1, PLACED, source="shop")


def test_what_is_stored_is_the_join_of_everything_heard(tx: Tx) -> None:
    rng = dice(11)
    for number in range(60):
        heard = [
            snapshot(
                rng.randint(1, 4),
                rng.choice(list(OrderStatus)),
                f"R{number}",
                occurred_at=MONDAY + rng.randint(0, 3) * HOUR,
                lines=rng.choice([(), (MUG,), (BOWL, MUG)]),
                is_guessed=rng.random() < 0.2,
            )
            for _ in range(rng.randint(1, 5))
        ]
        for one in heard:
            take(tx, one)
        stored = mirror_store.lock(tx, [("taoli", f"R{number}")])["taoli", f"R{number}"].mirror

        assert stored == reduce(merge, heard, None)


ROWS = text(
    "SELECT source, reference, source_version, mirrored, person_id, status, skipped, currency,"
    " total_minor, placed_at, paid_at, shipped_at, delivered_at, cancelled_at, changed_at,"
    " (SELECT array_agg((position, code, title, quantity, unit_minor)::text ORDER BY position)"
    "  FROM order_line WHERE order_id = orders.id AND until_version IS NULL)"
    " FROM orders ORDER BY source, reference"
)


def heard_of(orders_count: int) -> list[Snapshot]:
    rng = dice(3)
    return [
        snapshot(version, status, f"R{number}", lines=(MUG, BOWL)[: 1 + (number + version) % 2])
        for number in range(orders_count)
        for version, status in enumerate(ROAD[: rng.randint(1, 4)], start=1)
    ]


def in_batches(tx: Tx, snapshots: Sequence[Snapshot], *, size: int = 100) -> list[Any]:
    for start in range(0, len(snapshots), size):
        take(tx, *snapshots[start : start + size])
    return list(tx.execute(ROWS))


def test_shuffled_and_doubled_snapshots_leave_the_rows_they_leave_in_order(tx: Tx) -> None:
    snapshots = heard_of(400)
    shuffled = snapshots * 2
    dice(5).shuffle(shuffled)
    with tx.begin_nested() as undone:
        in_order = in_batches(tx, snapshots)
        undone.rollback()

    assert len(in_order) == 400
    assert in_batches(tx, shuffled) == in_order


def test_two_intakes_of_the_same_unknown_orders_agree(shop: Shop) -> None:
    snapshots = heard_of(60)
    faults: list[Exception] = []

    def intake(seed: int) -> None:
        mine = snapshots * 2
        dice(seed).shuffle(mine)
        try:
            for start in range(0, len(mine), 40):
                with begin(shop.engine) as tx:
                    take(tx, *mine[start : start + 40])
        except Exception as fault:  # noqa: BLE001 -- a thread's fault is the test's to report
            faults.append(fault)

    threads = [threading.Thread(target=intake, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with begin(shop.engine) as tx:
        together = list(tx.execute(ROWS))
        versions = text(
            "SELECT count(*) FROM orders o WHERE version <>"
            " (SELECT count(*) FROM history WHERE entity_id = o.id)"
        )
        assert tx.scalar(versions) == 0
        lines = text("SELECT count(*) FROM order_line WHERE until_version IS NULL")
        assert tx.scalar(lines) == sum(len(row[-1] or ()) for row in together)
    assert len(together) == 60
