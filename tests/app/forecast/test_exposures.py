"""The ledger of exposures: each event counts once, and is never known before it was told."""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import text

from app.db.transaction import begin
from app.forecast import exposures_store, make, run_store
from app.forecast.exposures import COUNTED, exposures, fold
from ml.load.series import SLOT, Exposure
from orders_core.events import EventType
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.app.forecast.history import furnish, house_of
from tests.buying import rows
from tests.shop import MORNING, Shop
from tests.waiting import behind

HOUR = timedelta(hours=1)
WRITE = """
INSERT INTO history (id, entity, entity_id, version, type, new, ring, changed_by, change_reason,
                     changed_at, recorded_at)
VALUES (:id, 'order', gen_random_uuid(), 1, :type, '{}', 'now', 'test', 'test', :at, :told)
"""


def long_ago() -> UUID:
    """Return an id of a machine time that is settled."""
    return UUID(int=new_id().int - (600_000 << 80))


def told(
    tx: Tx, at: datetime, *, later: timedelta = timedelta(0), what: str = "order.placed"
) -> None:
    tx.execute(text(WRITE), {"id": long_ago(), "type": what, "at": at, "told": at + later})


def read(tx: Tx) -> dict[str, Exposure]:
    found = exposures(tx, since=MORNING - 2 * HOUR, until=MORNING)
    return {one.name: one for one in found}


def test_events_count_in_their_half_hour_and_are_known_when_it_is_over(tx: Tx):
    for minutes in (61, 62, 31):
        told(tx, MORNING - timedelta(minutes=minutes))
    told(tx, MORNING - HOUR, what="order.paid")  # none that makes people write

    assert fold(tx) == 4
    orders = read(tx)["orders"]
    assert orders.values[1:].tolist() == [2, 1, 0]
    assert np.isnan(orders.values[0])  # nobody told of any before
    over = np.datetime64((MORNING - HOUR).replace(tzinfo=None), "s")
    assert orders.known_at[1] == over


def test_an_event_told_late_is_not_known_before(tx: Tx):
    told(tx, MORNING - 2 * HOUR)
    told(tx, MORNING - 2 * HOUR, later=timedelta(hours=5))
    fold(tx)

    late = np.datetime64((MORNING + 3 * HOUR).replace(tzinfo=None), "s")
    assert read(tx)["orders"].known_at[0] == late


def test_an_event_told_a_day_late_is_none(tx: Tx):
    told(tx, MORNING - HOUR, later=timedelta(hours=25))
    fold(tx)

    assert read(tx) == {}


def test_history_is_counted_once_however_often_it_is_folded(tx: Tx):
    told(tx, MORNING - HOUR)
    assert [fold(tx), fold(tx)] == [1, 0]
    told(tx, MORNING - HOUR)
    assert fold(tx) == 1

    assert read(tx)["orders"].values[2] == 2


def test_what_may_still_be_written_is_left_for_the_next_time(tx: Tx):
    tx.execute(
        text(WRITE),
        {"id": new_id(), "type": "order.placed", "at": MORNING - HOUR, "told": MORNING},
    )

    assert fold(tx) == 0


def test_two_that_fold_at_once_count_once(shop: Shop):
    with begin(shop.engine) as tx:
        exposures_store.fold(tx, [], [])  # so that both find the mark
        for _ in range(5):
            told(tx, MORNING - HOUR)

    assert behind(shop, lambda tx: tx.exec_driver_sql(exposures_store.HELD), fold) == 5
    with begin(shop.engine) as tx:
        assert fold(tx) == 0
    with begin(shop.engine) as tx:
        assert read(tx)["orders"].values[2] == 5
        assert rows(tx, "exposure_mark") == 1


def test_everything_that_is_counted_has_an_event_of_ours():
    assert set(COUNTED) <= set(EventType)
    assert len(set(COUNTED.values())) == 8


def test_an_exposure_is_as_long_as_asked(tx: Tx):
    told(tx, MORNING - HOUR)
    fold(tx)
    found = read(tx)["orders"]

    assert len(found.values) == len(found.known_at) == 2 * HOUR // SLOT


def test_a_forecast_names_the_exposures_it_looked_at(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
        told(tx, MORNING - timedelta(days=2))
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)

    with begin(shop.engine) as tx:
        run = run_store.latest(tx)
    assert run is not None
    assert run.facts["exposures"] == ["orders"]
