"""What is said of parcels under way: calibrated, from what was known, or nothing at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bench.journeys import ZONE, Trip, trips
from bench.models_late import ask, brier, held, reliability
from ml.late.journey import Journey, Scan
from ml.late.outlook import outlook
from ml.late.rates import Rates, learn

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CUT = BEGIN + 60 * DAY
MADE = trips(1_500, begin=BEGIN, days=80, seed=5)


@pytest.fixture(scope="module")
def rates() -> Rates:
    return learn([one.journey for one in MADE], now=CUT, zone=ZONE)


def lasting(days: float, *, carrier: str = "sf", begun: int = 0) -> Journey:
    """A parcel that is picked up on some evening and handed over so many days later."""
    start = BEGIN + begun * DAY + 10 * HOUR
    return Journey(
        carrier=carrier,
        lane=">",
        scans=[Scan(start, "picked_up")],
        handed_over_at=start + days * DAY,
    )


def is_late(trip: Trip) -> bool:
    over = trip.journey.handed_over_at
    return over is not None and over > trip.due_by


def test_probabilities_are_reliable_and_sharper_than_the_mean_of_all(rates: Rates):
    asked = ask(rates, MADE, begin=CUT, days=18)
    late = np.array([float(is_late(trip)) for trip, _, _ in asked])
    said = np.array([one.late_share for _, _, one in asked])

    assert len(asked) > 400
    assert brier(said, late) < 0.75 * brier(np.full(len(late), late.mean()), late)
    for tenth in reliability(said, late):
        if tenth["asked"] >= 50:
            assert abs(tenth["said"] - tenth["late"]) < 0.17
    assert held(asked) >= 0.77


def test_what_happens_after_now_changes_nothing(rates: Rates):
    def blurred(trip: Trip) -> Journey:
        known = [one for one in trip.journey.scans if one.at <= CUT]
        over = trip.journey.handed_over_at
        later = CUT + 9 * DAY if over is None or over > CUT else over
        noise = [Scan(CUT + HOUR, "exception")]
        return replace(trip.journey, scans=known + noise, handed_over_at=later)

    again = learn([blurred(one) for one in MADE], now=CUT, zone=ZONE)

    assert all(
        np.array_equal(mine, theirs) for mine, theirs in zip(rates.base, again.base, strict=True)
    )
    assert np.array_equal(rates.week, again.week)


def test_a_parcel_that_is_still_under_way_counts_as_long_as_it_was_watched():
    ended = [lasting(2, begun=day) for day in range(40)]
    stuck = [replace(lasting(0, begun=day), handed_over_at=None) for day in range(40)]
    now, asked = BEGIN + 50 * DAY, replace(lasting(0, begun=49), handed_over_at=None)
    due_by = now + 6 * DAY

    without = outlook(learn(ended, now=now, zone=ZONE), asked, now=now, due_by=due_by)
    beside = outlook(learn(ended + stuck, now=now, zone=ZONE), asked, now=now, due_by=due_by)

    assert without is not None
    assert beside is not None
    assert without.late_share < 0.1
    assert beside.late_share > 0.3


def test_a_parcel_that_turned_back_is_not_taken_for_one_that_came():
    kept = [lasting(2, begun=day) for day in range(40)]
    back = [replace(one, handed_over_at=None, lost_sight_at=one.handed_over_at) for one in kept]

    learnt = learn(back, now=BEGIN + 50 * DAY, zone=ZONE)

    assert learnt.finished == {}


def test_of_a_carrier_with_little_history_nothing_is_said():
    known = [lasting(2, begun=day) for day in range(40)]
    few = [lasting(2, begun=day, carrier="new") for day in range(29)]
    learnt = learn(known + few, now=BEGIN + 50 * DAY, zone=ZONE)
    now = BEGIN + 50 * DAY
    asked = replace(lasting(0, begun=49), handed_over_at=None)

    assert outlook(learnt, asked, now=now, due_by=now) is not None
    assert outlook(learnt, replace(asked, carrier="new"), now=now, due_by=now) is None


def test_of_a_parcel_that_is_seen_as_none_ever_was_nothing_is_said(rates: Rates):
    scans = [Scan(CUT - 2 * HOUR, "exception")]
    asked = Journey(carrier="sf", lane="浙江>北京", scans=scans)

    assert outlook(rates, asked, now=CUT, due_by=CUT + DAY) is None
    assert outlook(rates, replace(asked, scans=[]), now=CUT, due_by=CUT + DAY) is None


def test_a_lane_with_few_parcels_is_judged_by_its_carrier_and_one_with_many_by_itself():
    usual = [lasting(2, begun=day % 45) for day in range(300)]
    far = [replace(lasting(6, begun=day % 40), lane=">far") for day in range(60)]
    one = far[:1]
    now = BEGIN + 50 * DAY
    asked = replace(lasting(0, begun=49), handed_over_at=None, lane=">far")

    def late(journeys: list[Journey]) -> float:
        said = outlook(learn(journeys, now=now, zone=ZONE), asked, now=now, due_by=now + 3 * DAY)
        assert said is not None
        return said.late_share

    assert late(usual + one) < 0.4
    assert late(usual + far) > 0.6


def test_the_moments_come_in_order_and_a_day_that_has_passed_is_late(rates: Rates):
    scans = [Scan(CUT - 30 * HOUR, "picked_up"), Scan(CUT - 5 * HOUR, "in_transit")]
    asked = Journey(carrier="zto", lane="浙江>北京", scans=scans)

    said = outlook(rates, asked, now=CUT, due_by=CUT - HOUR)

    assert said is not None
    assert said.late_share == 1.0
    assert said.low_at is not None
    assert said.likely_at is not None
    assert said.high_at is not None
    assert CUT < said.low_at < said.likely_at < said.high_at


def test_nobody_is_said_to_come_on_a_sunday_where_nobody_ever_did(rates: Rates):
    saturday, sunday = rates.week[8:12], rates.week[12:16]  # 1970 began on a Thursday

    assert sunday.sum() < 0.2 * saturday.sum()
