"""From a past to a forecast: who is used and what is never read."""

from dataclasses import replace

import numpy as np
import pytest

from ml.load.backtest import Decision
from ml.load.champion import Because
from ml.load.forecast import Foretold, HorizonUncovered, make_forecast
from ml.load.series import Exposure, Series
from tests.ml.load.past import OPEN, after, counted, no_events, some_weeks

WEEKS = 10


def foretold(series: Series, exposure: Exposure, *, weeks: int = WEEKS) -> Foretold:
    return make_forecast(
        series,
        origin=after(weeks),
        exposures=[exposure],
        multiplier=no_events(series),
        horizon_slots=96,
        seed=1,
    )


@pytest.fixture(scope="module")
def shop() -> Series:
    return some_weeks(WEEKS + 1)


@pytest.fixture(scope="module")
def orders(shop) -> Exposure:
    return counted(shop, np.random.default_rng(1).poisson(5.0, len(shop.contacts)).astype(float))


@pytest.fixture(scope="module")
def usual(shop, orders) -> Foretold:
    return foretold(shop, orders)


def test_noise_in_all_that_comes_after_the_origin_changes_no_byte(shop, orders, usual):
    dice = np.random.default_rng(2)
    is_later = np.arange(len(shop.contacts)) >= WEEKS * 336
    noise = dice.uniform(0, 1e6, shop.contacts.shape)
    contacts = np.where(is_later[:, None], noise, shop.contacts)
    values = np.where(is_later, dice.uniform(0, 1e6, len(is_later)), orders.values)

    assert "trees" in usual.means
    again = foretold(replace(shop, contacts=contacts), replace(orders, values=values))

    for what in ("baseline", "mean", "quantiles"):
        was, is_now = (getattr(one.forecast, what) for one in (usual, again))
        assert was.tobytes() == is_now.tobytes()
    assert again.report.choices == usual.report.choices


def test_it_lies_near_what_comes_and_is_closed_when_the_desk_is(usual):
    mean = usual.forecast.mean[:48]

    assert mean[OPEN].mean(axis=0) == pytest.approx([168, 11.2], rel=0.1)
    assert np.isnan(np.delete(mean, np.r_[OPEN], axis=0)).all()
    assert (np.diff(usual.forecast.quantiles[:, OPEN], axis=0) >= 0).all()


def test_the_report_has_every_decision_with_the_naive_forecast_beside(usual):
    seen = {(one.decision, one.contender, one.group) for one in usual.report.scores}

    for decision in (Decision.T_7, Decision.T_1, Decision.MORNING, Decision.INTRADAY):
        for contender in ("seasonal_naive", "four_weeks", "days"):
            assert (decision, contender, "where") in seen


def test_a_shop_that_has_just_opened_uses_the_baseline_and_says_why(shop, orders):
    young = foretold(shop, orders, weeks=3)

    assert {one.because for one in young.report.choices} == {Because.TOO_LITTLE_HISTORY}
    assert set(young.forecast.used.values()) == {"four_weeks"}
    assert (young.forecast.quantiles[0][OPEN] < young.forecast.mean[OPEN]).all()


def test_an_event_multiplies_what_is_foreseen_and_is_no_lesson(shop, orders):
    times = no_events(shop)
    times[336 * (WEEKS - 2) :] = 2.0  # the last two weeks before the origin, and the horizon
    event = make_forecast(
        replace(shop, contacts=shop.contacts * times * np.where(times > 1, 3, 1)),
        origin=after(WEEKS),
        exposures=[orders],
        multiplier=times,
        horizon_slots=96,
        seed=1,
    )

    assert event.forecast.baseline[OPEN, 0].mean() == pytest.approx(2 * 168, rel=0.1)


@pytest.mark.parametrize("nobody", [0.0, np.nan])
def test_a_group_that_nobody_writes_about_is_foreseen_as_that(shop, orders, nobody):
    contacts = shop.contacts.copy()
    contacts[:, 1] *= nobody

    quiet = foretold(replace(shop, contacts=contacts), orders, weeks=7)
    mean = quiet.forecast.mean[OPEN, 1]

    assert np.array_equal(mean, np.full(8, nobody), equal_nan=True)
    assert quiet.forecast.used["other"] == "four_weeks"


def test_the_multipliers_must_reach_the_end_of_the_horizon(shop, orders):
    with pytest.raises(HorizonUncovered):
        make_forecast(
            shop,
            origin=after(WEEKS + 1),
            exposures=[],
            multiplier=no_events(shop),
            horizon_slots=48,
            seed=1,
        )
