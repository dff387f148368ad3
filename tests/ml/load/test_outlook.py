"""Six weeks ahead from little data: what is widened, added, drawn together, and never read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from ml.load.outlook import DAYS, Known, Outlook, later_today, look_ahead
from ml.load.series import Series
from ml.load.windows import Window
from ml.staffing.people import Target
from tests.ml.load.past import after, some_weeks

WEEKS = 3
TARGET = Target(handle_seconds=240, patience_seconds=180, within_seconds=60, share=0.8)


def shop(weeks: int = WEEKS) -> Series:
    """Return a desk whose groups are two thirds and one third of the whole."""
    found = some_weeks(weeks + 1, level=(40.0, 20.0))
    whole = found.contacts.sum(axis=1, keepdims=True)
    contacts = np.concatenate([whole, found.contacts], axis=1)
    return replace(found, groups=("all", "where", "presale"), contacts=contacts)


def outlook(
    series: Series,
    *,
    windows: tuple[Window, ...] = (),
    messages: Mapping[datetime, int] | None = None,
) -> Outlook:
    known = Known(
        now=after(WEEKS) + timedelta(hours=12),
        series=series,
        windows=windows,
        messages=messages or {},
        exposures=(),
        person_share=1.0,
        target=TARGET,
    )
    return look_ahead(known, seed=1)


@pytest.fixture(scope="module")
def usual() -> Outlook:
    return outlook(shop())


def test_six_weeks_are_foreseen_from_midnight_on(usual: Outlook):
    assert usual.forecast.starts_at == after(WEEKS)
    assert usual.forecast.mean.shape == (DAYS * 48, 3)
    assert usual.forecast.quantiles.shape == (5, DAYS * 48, 3)
    assert set(usual.forecast.used.values()) == {"four_weeks"}


def test_noise_in_today_and_later_changes_no_byte(usual: Outlook):
    series = shop()
    noise = np.random.default_rng(3).uniform(0, 1e5, series.contacts.shape)
    is_later = np.arange(len(noise)) >= WEEKS * 336
    again = outlook(replace(series, contacts=np.where(is_later[:, None], noise, series.contacts)))

    for what in ("baseline", "mean", "quantiles"):
        was, now = (getattr(one.forecast, what) for one in (usual, again))
        assert was.tobytes() == now.tobytes()
    assert list(usual.people) == list(again.people)


def test_groups_sum_to_the_whole(usual: Outlook):
    mean = usual.forecast.mean[18:26]

    assert mean[:, 1:].sum(axis=1) == pytest.approx(mean[:, 0])


def test_messages_add_to_the_whole_and_to_who_asks_before_buying(usual: Outlook):
    more = outlook(shop(), messages={after(WEEKS) + timedelta(hours=9): 10_000})
    added = more.forecast.mean - usual.forecast.mean
    wide, narrow = (one.forecast.quantiles[3] - one.forecast.quantiles[1] for one in (more, usual))

    assert added[18:20, 0] == pytest.approx([13.5, 13.5])
    assert added[18, 2] == pytest.approx(13.5, rel=0.01)
    assert added[18, 1] == pytest.approx(0, abs=0.01)
    assert (wide[18:20, 0] > narrow[18:20, 0]).all()
    assert (more.added > 0).sum() == 10


def test_a_promotion_multiplies_and_widens(usual: Outlook):
    first = after(WEEKS, days=1)
    event = Window(reference="a", starts_at=first, ends_at=first + timedelta(days=1))
    found = outlook(shop(), windows=(event,))
    day = slice(48 + 18, 48 + 26)

    assert found.forecast.baseline[day] == pytest.approx(
        found.lessons.next.mean * usual.forecast.baseline[day]
    )
    low, high = found.forecast.quantiles[1, day, 0], found.forecast.quantiles[3, day, 0]
    mean = found.forecast.mean[day, 0]
    assert (low < 0.6 * mean).all()  # as wide as the guess that stands for a first promotion
    assert (high > 1.4 * mean).all()
    assert sum(found.people[66:74]) > sum(usual.people[66:74])
    assert found.forecast.quantiles[:, 18].tobytes() == usual.forecast.quantiles[:, 18].tobytes()


def test_people_are_there_when_somebody_writes_and_never_when_nobody_does(usual: Outlook):
    assert min(usual.people[18:26]) > 4
    assert sum(usual.people[:18]) == 0


def test_the_rest_of_a_day_follows_its_first_hours_and_other_days_do_not(usual: Outlook):
    came = usual.forecast.mean[:25] * 1.5
    right, level = later_today(usual.forecast, came, trust=np.full(3, 0.8), zone=shop().zone)

    assert level == pytest.approx(1.4)
    assert right.mean[25] == pytest.approx(1.4 * usual.forecast.mean[25])
    for rows in (slice(25), slice(48, None)):
        was, now = usual.forecast.mean[rows], right.mean[rows]
        assert now == pytest.approx(was, nan_ok=True)
