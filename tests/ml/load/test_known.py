"""No value is read that was not known at the day a forecast is made."""

from dataclasses import replace

import numpy as np
import pytest

from ml.load.calendar import calendar
from ml.load.grid import lay
from ml.load.regressors import View, ground, known, view
from ml.load.series import Exposure, Series
from tests.ml.load.past import after, counted, no_events, some_weeks

DAYS, ROWS = 7 * 10, 48 * 7 * 10
ORIGIN = 7 * 8
LEADS = np.arange(7)


def seen(series: Series, exposure: Exposure, *, day: int = ORIGIN) -> View:
    """Return what the eighth week's end, or an earlier day, foresees."""
    grid = lay(series, origin=after(8), multiplier=no_events(series))
    may_read = known(series, exposure, grid=grid, origin_row=ORIGIN * 48)
    days = calendar(grid.first_day, days=grid.days, country="CN")
    return view(ground(grid, days, [may_read], origin_row=ORIGIN * 48), origin=day, leads=LEADS)


@pytest.fixture
def shop() -> Series:
    return some_weeks(10)


@pytest.fixture
def orders(shop) -> Exposure:
    return counted(shop, np.random.default_rng(1).poisson(5.0, ROWS).astype(float))


@pytest.mark.parametrize("day", [ORIGIN, ORIGIN - 14])
def test_noise_in_what_came_later_changes_no_byte(shop, orders, day):
    noise = np.random.default_rng(2).uniform(0, 1e6, shop.contacts.shape)
    is_later = np.arange(ROWS) >= day * 48
    later = replace(shop, contacts=np.where(is_later[:, None], noise, shop.contacts))

    was, is_now = seen(shop, orders, day=day), seen(later, orders, day=day)

    assert was.features.tobytes() == is_now.features.tobytes()
    assert was.days.tobytes() == is_now.days.tobytes()


@pytest.mark.parametrize("day", [ORIGIN, ORIGIN - 14])
def test_an_exposure_that_became_known_later_changes_no_byte(shop, orders, day):
    was_known = orders.known_at.copy()
    was_known[day * 48 - 200 : day * 48 - 100] = was_known[
        day * 48
    ]  # old slots that were counted late
    late = replace(orders, known_at=was_known)
    is_late = was_known > was_known[day * 48 - 1]
    noisy = replace(late, values=np.where(is_late, 1e6, late.values))

    assert seen(shop, late, day=day).features.tobytes() == (
        seen(shop, noisy, day=day).features.tobytes()
    )


def test_an_exposure_that_is_known_is_seen(shop, orders):
    other = replace(orders, values=np.where(np.arange(ROWS) == ORIGIN * 48 - 5, 500, orders.values))

    assert seen(shop, orders).features.tobytes() != seen(shop, other).features.tobytes()


def test_a_campaign_that_is_planned_is_seen_in_the_days_ahead(shop, orders):
    planned = replace(orders, known_at=np.full(ROWS, orders.known_at[0]))
    more = replace(planned, values=np.where(np.arange(ROWS) == (ORIGIN + 3) * 48 + 20, 9e3, 5.0))

    changed = seen(shop, planned).features[3, 20] != seen(shop, more).features[3, 20]

    assert changed.any()


def test_nothing_of_the_origins_day_or_later_is_laid_out():
    made = some_weeks(3)
    grid = lay(made, origin=after(2), multiplier=no_events(made))

    assert np.isfinite(grid.contacts[: grid.origin]).any()
    assert np.isnan(grid.contacts[grid.origin :]).all()
