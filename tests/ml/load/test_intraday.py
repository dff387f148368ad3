"""The rest of a day that has begun."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ml.load.intraday import learnt_trust, ratios, rest_of_day, slots_of_day
from ml.load.series import LEVELS, Forecast
from tests.ml.load.past import after


def foreseen(level: float = 100.0) -> Forecast:
    mean = np.full((60, 1), level)
    return Forecast(
        starts_at=after(0),
        groups=("other",),
        baseline=mean.copy(),
        mean=mean,
        quantiles=np.repeat(mean[None], len(LEVELS), axis=0),
        used={"other": "days"},
    )


def test_four_fifths_of_the_ratio_so_far_go_into_the_rest():
    put_right = rest_of_day(foreseen(), np.full((6, 1), 150.0), slots_today=48)

    assert put_right.mean[6:48] == pytest.approx(140)
    assert put_right.quantiles[:, 6:48] == pytest.approx(140)


def test_the_slots_that_are_over_and_the_days_to_come_and_the_baseline_stay():
    put_right = rest_of_day(foreseen(), np.full((6, 1), 150.0), slots_today=48)

    assert (put_right.mean[:6] == 100).all()
    assert (put_right.mean[48:] == 100).all()
    assert (put_right.baseline == 100).all()


def test_before_three_open_hours_nothing_is_changed():
    came = np.full((20, 1), np.nan)
    came[-5:] = 500.0

    assert (rest_of_day(foreseen(), came, slots_today=48).mean == 100).all()


def test_where_hardly_any_were_expected_chance_changes_nothing():
    put_right = rest_of_day(foreseen(4.0), np.full((6, 1), 12.0), slots_today=48)

    assert (put_right.mean == 4).all()


def test_a_small_group_follows_the_shop():
    planned = np.column_stack([np.full(8, 100.0), np.full(8, 1.0)])
    came = np.column_stack([np.full(8, 120.0), np.full(8, 9.0)])

    assert ratios(came, planned) == pytest.approx([1.2, 1032 / 808])


def test_the_last_hour_says_more_than_the_first():
    planned = np.full((8, 1), 100.0)
    rising, falling = (np.linspace(*ends, 8)[:, None] for ends in ((80, 120), (120, 80)))

    assert ratios(rising, planned)[0] > 1 > ratios(falling, planned)[0]


def test_where_many_contacts_come_the_last_half_hour_says_more_than_where_few_do():
    rising = np.linspace(0.8, 1.2, 8)[:, None]
    busy, small = (np.full((8, 1), level) for level in (1_000.0, 20.0))

    assert ratios(busy * rising, busy)[0] > ratios(small * rising, small)[0] + 0.05
    tiny = np.full((8, 1), 5.0)
    assert ratios(tiny * rising, tiny)[0] == pytest.approx(ratios(small * rising, small)[0])


def test_a_shop_whose_mornings_say_nothing_learns_not_to_follow_them():
    dice = np.random.default_rng(3)
    mornings = list(dice.normal(1, 0.1, 200))

    assert learnt_trust(mornings, list(dice.normal(1, 0.1, 200))) < 0.2
    assert learnt_trust(mornings, mornings) > 0.95
    assert learnt_trust([], []) == 0.8


def test_the_day_ends_at_the_shops_midnight():
    berlin = ZoneInfo("Europe/Berlin")

    assert slots_of_day(datetime(2026, 3, 28, 23, tzinfo=UTC), berlin) == 46  # clock put forward
    assert slots_of_day(datetime(2026, 3, 31, 20, tzinfo=UTC), berlin) == 4
