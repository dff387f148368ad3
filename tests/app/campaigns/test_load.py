"""What a campaign does to the desk: contacts with it and without, beside who is rostered."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.campaigns import change, load
from app.db.transaction import begin
from app.forecast import roster_store, sends_store
from app.forecast.roster import by_halves
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.app.campaigns.crowd import act, draft, gather, scheduled
from tests.shop import MORNING, Shop

HOUR = timedelta(hours=1)
RUN = """
INSERT INTO forecast_run (id, state, why, asked_by, asked_at, made_at)
VALUES (:run, 'stored', 'nightly', 'worker', :now, :now)
"""
SLOTS = """
INSERT INTO forecast_slot
SELECT :run, :now + n * interval '30 minutes', false, 10, 1, 1, 0, 10, '{4,6,10,15,18}', 5
FROM generate_series(-8, 49) AS n
"""


def plan_ahead(tx: Tx, rostered: int) -> None:
    run = new_id()
    for statement in (RUN, SLOTS):
        tx.execute(text(statement), {"run": run, "now": MORNING})
    hours = {MORNING + HOUR * step: rostered for step in range(-4, 25)}
    roster_store.put(tx, by_halves(hours))


def hours(
    tx: Tx, mine: Mapping[datetime, int], *, is_announced: bool = False
) -> dict[datetime, load.LoadHour]:
    found = load.load(tx, mine, is_announced=is_announced, now=MORNING)
    return {one.hour: one for one in found}


def test_a_campaign_adds_contacts_and_the_people_they_take(tx: Tx) -> None:
    plan_ahead(tx, rostered=5)

    found = hours(tx, {MORNING: 10_000})

    assert found[MORNING - HOUR].with_it == 20
    assert found[MORNING].without == 20
    assert found[MORNING].with_it == pytest.approx(20 + 10 * 6 * 0.45)
    assert found[MORNING].people_needed == 12  # 5 for 20 contacts, so 11.75 for 47
    assert found[MORNING].is_short
    assert not found[MORNING + 6 * HOUR].is_short


def test_what_the_forecast_knows_already_is_not_counted_twice(tx: Tx) -> None:
    plan_ahead(tx, rostered=5)
    sends_store.replace(tx, "cmp_mine", {MORNING: 10_000})
    sends_store.replace(tx, "cmp_other", {MORNING: 1000})

    found = hours(tx, {MORNING: 10_000}, is_announced=True)[MORNING]

    assert found.without == pytest.approx(20 + 6 * 0.45)
    assert found.with_it == pytest.approx(20 + 11 * 6 * 0.45)


def test_an_hour_nobody_planned_says_nothing(tx: Tx) -> None:
    found = hours(tx, {MORNING: 10_000})[MORNING]

    assert (found.without, found.with_it, found.is_short) == (None, None, False)


def test_scheduling_tells_the_forecast_and_stopping_takes_it_back(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 200)
    span = {"since": MORNING, "until": MORNING + 4 * HOUR}
    campaign_id = scheduled(shop, draft(pace=2), countdown_seconds=60)

    with begin(shop.engine) as tx:
        told = sends_store.per_hour(tx, **span)
        change.abort(tx, campaign_id, act())
        after = sends_store.per_hour(tx, **span)

    assert told == {MORNING: 120, MORNING + HOUR: 80}
    assert after == {}
