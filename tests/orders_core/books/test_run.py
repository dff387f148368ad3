"""Steps miss nothing: whatever commits when, whatever waits, whatever was falsified."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, text

from app.db.transaction import begin
from orders_core.books import mark
from orders_core.books.check import promises
from orders_core.books.run import Run, latest, run_step, run_whole
from orders_core.books.touched import KINDS
from orders_core.orders.place import WAREHOUSE
from orders_core.stock.level import count
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, level, paid
from tests.orders_core.books.fault import Fault
from tests.orders_core.books.faults import FAULTS, NAMES, one_of_each
from tests.poll import until
from tests.shop import MORNING, Shop

ALL = promises()
#: What only the night finds: a carried sum still has it; no turn comes to parcels.
DELETED = next(fault for fault in FAULTS if "DELETE FROM movement" in fault.damage)
ASIDE = next(fault for fault in FAULTS if "UPDATE parcel SET last_place" in fault.damage)
#: As if everything so far had been written long ago.
LONG_AGO = (
    "UPDATE books_mark SET safe_at = clock_timestamp() + interval '30 seconds',"
    " safe_xid = pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)


ALL_CARRIED = """
SELECT NOT EXISTS (
  SELECT FROM level l LEFT JOIN books_level b USING (sku_id, warehouse)
  WHERE coalesce(b.units, 0) <> l.on_hand)
"""


def step(tx: Tx, *, in_turn: int = 0) -> Run:
    return run_step(tx, ALL, KINDS, now=MORNING, in_turn=in_turn)


def counted(tx: Tx, code: str, units: int) -> None:
    count(tx, code, WAREHOUSE, on_hand=units, oversell_limit=None, change=change("clerk"))


def broken(run: Run) -> set[str]:
    return {found.invariant.name for found in run.findings if not found.holds}


@pytest.fixture
def old_shop(shop: Shop) -> Shop:
    """A shop whose orders were all checked, long ago."""
    with begin(shop.engine) as tx:
        one_of_each(tx)

    def is_carried() -> bool:
        with begin(shop.engine) as tx:
            run_whole(tx, ALL, now=MORNING)
        with begin(shop.engine) as tx:
            return bool(tx.scalar(text(ALL_CARRIED)))

    # A neighbour's open transaction, in whatever database of the engine, holds the mark back.
    until(is_carried, within_seconds=60)
    with begin(shop.engine) as tx:
        tx.execute(text(LONG_AGO))
    return shop


@pytest.fixture
def other(old_shop: Shop) -> Iterator[Connection]:
    """A second connection, in a transaction of its own."""
    with old_shop.engine.connect() as connection:
        yield connection


def test_a_step_looks_at_nothing_where_nothing_changed(old_shop: Shop) -> None:
    with begin(old_shop.engine) as tx:
        run = step(tx)

    assert run.kind == "step"
    assert broken(run) == set()
    assert not any(run.looked_at.values())


def test_a_step_looks_at_what_changed_and_at_what_that_claims(old_shop: Shop) -> None:
    with begin(old_shop.engine) as tx:
        bought(tx, (MUG, 1))
    with begin(old_shop.engine) as tx:
        run = step(tx)

    assert {kind: run.looked_at[kind] for kind in ("order", "level", "event", "movement")} == {
        "order": 1,
        "level": 1,
        "event": 1,
        "movement": 0,
    }


def test_every_fault_that_something_tells_of_is_found_at_once_on_old_rows(old_shop: Shop) -> None:
    missed = []
    for name, fault in zip(NAMES, FAULTS, strict=True):
        with old_shop.engine.connect() as tx, tx.begin() as whole:
            fault.plant(tx)
            if (fault.names in broken(step(tx))) == fault.in_turn:
                missed.append(name)
            whole.rollback()

    at_night = {one.name for one in ALL if one.about == "night"}
    assert [name for name in missed if name.rpartition("-")[0] not in at_night] == []


def test_what_nothing_tells_of_is_found_when_its_turn_comes(old_shop: Shop) -> None:
    missed = []
    for name, fault in zip(NAMES, FAULTS, strict=True):
        with old_shop.engine.connect() as tx, tx.begin() as whole:
            fault.plant(tx)
            if fault.names not in broken(step(tx, in_turn=50)):
                missed.append(name)
            whole.rollback()

    known = {f"{fault.names}-{FAULTS.index(fault)}" for fault in (DELETED, ASIDE)}
    at_night = {one.name for one in ALL if one.about == "night"}
    assert {name for name in missed if name.rpartition("-")[0] not in at_night} == known


def test_turns_go_round(old_shop: Shop) -> None:
    with begin(old_shop.engine) as tx:
        tx.execute(text("UPDATE level SET on_hand = on_hand + 1"))

        found = [len(broken(step(tx, in_turn=1))) for _ in range(3)]
        kept = latest(tx)

    assert found == [1, 1, 1]
    assert kept is not None
    assert kept.broken["stock_equals_movements"].broken == 2


@pytest.mark.parametrize("fault", [DELETED, ASIDE], ids=lambda fault: fault.names)
def test_what_no_turn_comes_to_is_found_at_night(old_shop: Shop, fault: Fault) -> None:
    with begin(old_shop.engine) as tx:
        fault.plant(tx)

        assert broken(step(tx, in_turn=50)) == set()
        assert broken(run_whole(tx, ALL, now=MORNING)) == {fault.names}


def test_what_is_broken_is_looked_at_until_it_holds_again(old_shop: Shop) -> None:
    def spoil(by: str) -> None:
        with begin(old_shop.engine) as tx:
            tx.execute(text(f"UPDATE level SET on_hand = on_hand {by} WHERE on_hand > 40"))  # noqa: S608

    def stepped() -> set[str]:
        with begin(old_shop.engine) as tx:
            return broken(step(tx))

    spoil("+ 1")
    with begin(old_shop.engine) as tx:
        assert broken(step(tx, in_turn=9)) == {"stock_equals_movements"}
    assert stepped() == {"stock_equals_movements"}
    with begin(old_shop.engine) as tx:
        kept = latest(tx)
        assert kept is not None
        assert kept.broken["stock_equals_movements"].broken == 2
        assert len(kept.broken["stock_equals_movements"].first) == 2
    spoil("- 1")
    assert stepped() == set()
    with begin(old_shop.engine) as tx:
        kept = latest(tx)
        assert kept is not None
        assert kept.broken == {}


def test_an_order_that_commits_late_is_looked_at_by_a_later_step(
    old_shop: Shop, other: Connection
) -> None:
    late = other.begin()
    order_id = bought(other, (MUG, 1))
    other.execute(text("UPDATE orders SET ship_to = uuid7() WHERE id = :id"), {"id": order_id})
    for _ in range(5):  # ids above the late one's are seen, and the mark would have passed it
        with begin(old_shop.engine) as tx:
            bought(tx, (TEA, 1))
        with begin(old_shop.engine) as tx:
            _shift_into_the_past(tx)
            assert broken(step(tx)) == set()
    late.commit()

    with begin(old_shop.engine) as tx:
        assert broken(step(tx)) == {"addresses_belong_to_orders"}


def _shift_into_the_past(tx: Tx) -> None:
    """Take away the allowance for clocks: the mark alone must do."""
    tx.execute(
        text(
            "UPDATE books_mark SET safe_at = greatest(safe_at, next_at) + interval '30 seconds'"
            " WHERE next_xid <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
    )


def test_a_movement_that_commits_late_is_counted_once(old_shop: Shop, other: Connection) -> None:
    late = other.begin()
    counted(other, TEA, 70)
    for units in (60, 61):
        with begin(old_shop.engine) as tx:
            counted(tx, MUG, units)
        with begin(old_shop.engine) as tx:
            assert broken(step(tx)) == set()
    late.commit()

    def is_carried() -> bool:
        with begin(old_shop.engine) as tx:
            assert broken(step(tx, in_turn=9)) == set()
            assert level(tx, TEA).on_hand == 70
            return bool(tx.scalar(text(ALL_CARRIED)))

    until(is_carried, within_seconds=60)


def test_a_carried_sum_that_is_wrong_accuses_nobody(old_shop: Shop) -> None:
    with begin(old_shop.engine) as tx:
        tx.execute(text("UPDATE books_level SET units = units + 5"))
        paid(tx, bought(tx, (MUG, 1)))
        assert broken(step(tx)) == set()
        right = "SELECT units FROM books_level JOIN sku ON sku.id = sku_id WHERE code = 'MUG'"
        assert tx.execute(text(right)).scalar_one() == level(tx, MUG).on_hand


def test_the_first_run_is_a_whole_one_and_so_is_one_after_a_restore(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        assert step(tx).kind == "whole"
    with begin(shop.engine) as tx:
        assert step(tx).kind == "step"
        tx.execute(text("UPDATE books_mark SET next_xid = next_xid + 1000000000"))
        assert step(tx).kind == "whole"


def test_a_transaction_left_open_holds_the_mark_back(old_shop: Shop, other: Connection) -> None:
    def marks() -> tuple[mark.Mark, mark.Mark]:
        with begin(old_shop.engine) as tx:
            before = mark.read(tx)
            step(tx)
            return before, mark.read(tx)

    marks()
    idle = other.begin()
    other.execute(text("SELECT pg_current_xact_id()"))
    for _ in range(3):
        marks()
    before, after = marks()
    assert (after.safe_at, after.next_at) == (before.safe_at, before.next_at)
    idle.rollback()
    before, after = marks()
    assert after.safe_at == before.next_at


def test_a_promise_that_only_the_night_asks_stays_as_it_was_found(shop: Shop) -> None:
    def names(run: Run) -> Sequence[str]:
        return sorted(broken(run))

    with begin(shop.engine) as tx:
        tx.execute(
            text(
                "INSERT INTO idempotency (scope, key, fingerprint, answer)"
                " VALUES ('s', 'k', '', jsonb_build_object('order_id', uuid7()))"
            )
        )
        assert names(run_whole(tx, ALL)) == ["answers_have_orders"]
        assert names(step(tx)) == ["answers_have_orders"]
        tx.execute(text("DELETE FROM idempotency"))
        assert names(step(tx)) == ["answers_have_orders"]
        assert names(run_whole(tx, ALL)) == []
