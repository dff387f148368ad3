"""Intervals that hold as often as they say."""

import numpy as np
import pytest

from ml.load.conformal import Cells, calibrate, replay
from ml.load.series import LEVELS

LOW_80, HIGH_80 = 1, 3


def week(number: int, *, level: float, noise: float, seed: int, spread: float = 0.0) -> Cells:
    """Return a week of 300 slots that came around their level with some overdispersion."""
    dice = np.random.default_rng(seed)
    centre = np.full(300, level)
    rate = centre * dice.gamma(1 / noise**2, noise**2, 300)
    around = 1 + spread * np.array([-2.0, -1.3, 0.0, 1.3, 2.0])
    return Cells(
        origin=7 * number,
        day=np.full(300, 7 * number + 3),
        centre=centre,
        spread=np.repeat(around[:, None], 300, axis=1),
        came=dice.poisson(rate).astype(float),
    )


def covered(weeks: list[Cells]) -> float:
    given, _ = replay(weeks, now=10_000)
    inside = [
        (quantiles[LOW_80] <= one.came) & (one.came <= quantiles[HIGH_80])
        for one, quantiles in zip(weeks[4:], given[4:], strict=True)
    ]
    return float(np.mean(inside))


@pytest.mark.parametrize("level", [150.0, 1_000.0])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_eight_in_ten_come_inside_whatever_the_quantiles_were_before(level, spread):
    weeks = [week(at, level=level, noise=0.1, seed=at, spread=spread) for at in range(12)]

    assert covered(weeks) == pytest.approx(0.8, abs=0.03)


def test_intervals_widen_when_the_world_gets_rougher():
    rough = [week(at, level=400.0, noise=0.05 if at < 6 else 0.15, seed=at) for at in range(14)]
    given, _ = replay(rough, now=10_000)
    width = [float((one[HIGH_80] - one[LOW_80]).mean()) for one in given]

    assert width[-1] > 1.8 * width[5]


def test_a_fold_knows_nothing_of_itself_or_of_later_ones():
    weeks = [week(at, level=400.0, noise=0.1, seed=at) for at in range(5)]
    other = [*weeks[:3], *(week(at, level=400.0, noise=0.5, seed=at) for at in (3, 4))]

    was, is_now = replay(weeks, now=28)[0], replay(other, now=28)[0]

    assert np.array_equal(was[3], is_now[3])


def test_few_contacts_are_counted_in_whole_numbers_that_hold_at_least_as_often():
    weeks = [week(at, level=3.0, noise=0.3, seed=at) for at in range(10)]
    quantiles = calibrate(weeks).quantiles(np.full(4, 3.0), np.ones((len(LEVELS), 4)))

    assert np.array_equal(quantiles, np.round(quantiles))
    assert covered(weeks) >= 0.8


def test_quantiles_never_cross_nor_fall_below_nothing():
    weeks = [week(at, level=25.0, noise=0.8, seed=at, spread=-0.4) for at in range(4)]
    quantiles = calibrate(weeks).quantiles(np.full(9, 25.0), weeks[0].spread[:, :9])

    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert (quantiles >= 0).all()
