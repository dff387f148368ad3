"""Goods on the road belong to neither warehouse, and what did not arrive stays named."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.locks.lease import LeaseHeld, LeaseLost
from orders_core.stock import rebuild, store, transfer
from orders_core.stock.level import BelowReserved
from orders_core.stock.transfer import GoesNowhere, Road, Transfer, TransferEnded
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, bought, change, fill
from tests.shop import Shop
from tests.together import together

TO_ANNEX = Road(origin="main", target="annex")
RUNS_OUT = text("UPDATE lease SET until = clock_timestamp() - interval '1 second'")


def sent(tx: Tx, **units: int) -> UUID:
    return transfer.send(tx, TO_ANNEX, units, change=change("ana", why="sent")).row.id


def arrived(
    tx: Tx, transfer_id: UUID, units: Mapping[str, int] | None = None, *, token: int | None = None
) -> Transfer:
    return transfer.arrive(tx, transfer_id, units or {}, token=token, change=change("ben"))


def held(tx: Tx, code: str = MUG) -> dict[str, tuple[int, int]]:
    """Return on hand and on the road, by warehouse."""
    return {one.warehouse: (one.on_hand, one.coming) for one in store.levels(tx, code=code)}


def test_goods_leave_when_sent_and_join_when_they_arrive(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 4})
    arrived(tx, sent(tx, MUG=1))

    transfer_id = sent(tx, MUG=6, TEA=1)
    on_the_road = held(tx)
    done = arrived(tx, transfer_id)

    assert on_the_road == {"main": (3, 0), "annex": (1, 6)}
    assert held(tx) == {"main": (3, 0), "annex": (7, 0)}
    assert [(line.code, line.arrived, line.difference) for line in done.lines] == [
        (MUG, 6, 0),
        (TEA, 1, 0),
    ]
    assert rebuild.compare(tx) == []


def test_what_is_missing_or_was_never_sent_stays_named(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 4, LAMP: 3})
    transfer_id = sent(tx, MUG=6, TEA=1)

    done = arrived(tx, transfer_id, {MUG: 4, LAMP: 1})

    assert {line.code: line.difference for line in done.lines} == {MUG: -2, TEA: 0, LAMP: 1}
    assert held(tx)["annex"] == (4, 0)
    assert rebuild.compare(tx) == []


def test_arriving_twice_is_arriving_once(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    transfer_id = sent(tx, MUG=6)

    assert arrived(tx, transfer_id) == arrived(tx, transfer_id, {MUG: 1})
    assert held(tx)["annex"] == (6, 0)


def test_two_docks_at_the_same_moment_count_it_in_once(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 10})
        transfer_id = sent(tx, MUG=6)

    def dock() -> str:
        with begin(shop.engine) as tx:
            return arrived(tx, transfer_id).row.state

    assert set(together(dock, dock, dock)) == {"arrived"}
    with begin(shop.engine) as tx:
        assert (held(tx)["annex"], rebuild.compare(tx)) == ((6, 0), [])


def test_what_is_promised_does_not_leave_and_nothing_else_with_it(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 4})
    bought(tx, (MUG, 8))

    nested = tx.begin_nested()
    with pytest.raises(BelowReserved, match="MUG cannot be set to 7: 8 are promised"):
        sent(tx, TEA=1, MUG=3)
    nested.rollback()

    assert held(tx, TEA) == {"main": (4, 0)}


def test_unloading_over_several_calls_is_one_docks_at_a_time(tx: Tx) -> None:
    fill(tx, {MUG: 10, TEA: 4})
    transfer_id = sent(tx, MUG=6, TEA=2)
    token = transfer.unload(tx, transfer_id, change=change("ana")).token

    transfer.unload_line(tx, transfer_id, MUG, 5, token=token)
    for other in (
        lambda: transfer.unload(tx, transfer_id, change=change("ben")),
        lambda: arrived(tx, transfer_id),
    ):
        with pytest.raises(LeaseHeld):
            other()
    done = arrived(tx, transfer_id, {TEA: 1}, token=token)

    assert {line.code: line.arrived for line in done.lines} == {MUG: 5, TEA: 1}


def test_a_paused_dock_is_refused_once_another_took_over(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    transfer_id = sent(tx, MUG=6)
    paused = transfer.unload(tx, transfer_id, change=change("ana")).token
    tx.execute(RUNS_OUT)
    transfer.unload(tx, transfer_id, change=change("ben"))

    with pytest.raises(LeaseLost):
        transfer.unload_line(tx, transfer_id, MUG, 1, token=paused)
    with pytest.raises(LeaseLost):
        arrived(tx, transfer_id, token=paused)
    assert held(tx) == {"main": (4, 0), "annex": (0, 6)}


def test_what_arrived_is_not_unloaded_again(tx: Tx) -> None:
    fill(tx, {MUG: 10})
    transfer_id = sent(tx, MUG=6)
    arrived(tx, transfer_id)

    with pytest.raises(TransferEnded):
        transfer.unload(tx, transfer_id, change=change())
    with pytest.raises(TransferEnded):
        transfer.unload_line(tx, transfer_id, MUG, 1, token=1)


def test_a_transfer_needs_goods_and_two_warehouses(tx: Tx) -> None:
    fill(tx, {MUG: 10})

    with pytest.raises(GoesNowhere):
        sent(tx)
    with pytest.raises(GoesNowhere):
        transfer.send(tx, Road(origin="main", target="main"), {MUG: 1}, change=change())
    with pytest.raises(NotFound, match="no SKU YETI"):
        sent(tx, YETI=1)
    with pytest.raises(NotFound):
        transfer.read(tx, new_id())


def test_transfers_both_ways_at_once_never_deadlock(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 50, TEA: 50, LAMP: 50})
        arrived(tx, sent(tx, MUG=20, TEA=20, LAMP=20))

    def van(origin: str, target: str, *codes: str) -> None:
        for _ in range(15):
            with begin(shop.engine) as tx:
                units = dict.fromkeys(codes, 1)
                road = Road(origin=origin, target=target)
                moving = transfer.send(tx, road, units, change=change())
            with begin(shop.engine) as tx:
                arrived(tx, moving.row.id)

    together(
        lambda: van("main", "annex", MUG, TEA, LAMP),
        lambda: van("annex", "main", LAMP, TEA, MUG),
        lambda: van("main", "annex", LAMP, TEA, MUG),
        lambda: van("annex", "main", MUG, LAMP, TEA),
    )
    with begin(shop.engine) as tx:
        assert rebuild.compare(tx) == []
        assert held(tx)["main"][0] + held(tx)["annex"][0] == 50
