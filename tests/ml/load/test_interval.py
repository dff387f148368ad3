"""Ranges of counts."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.load.interval import interval, quantile, rate_quantile


def test_with_the_rate_known_it_is_poisson():
    """Tables of the Poisson distribution: mean 10, P(X <= 6) = .1301, P(X <= 14) = .9165."""
    assert interval(10, spread=0) == (6, 14)
    assert quantile(10, 0.13, spread=0) == 6
    assert quantile(10, 0.131, spread=0) == 7


def test_nothing_expected_is_nothing():
    assert interval(0, spread=0.5) == (0, 0)


@given(mean=st.floats(0, 5000), spread=st.floats(0, 2), share=st.floats(0.5, 0.98))
def test_the_mean_always_lies_inside(mean: float, spread: float, share: float):
    low, high = interval(mean, spread=spread, share=share)

    assert 0 <= low <= mean <= high


@given(mean=st.floats(1, 3000), spread=st.floats(0.01, 0.5))
def test_asking_for_more_widens_it(mean: float, spread: float):
    low80, high80 = interval(mean, spread=spread)
    low95, high95 = interval(mean, spread=spread, share=0.95)

    assert low95 <= low80 <= high80 <= high95


@given(mean=st.floats(5, 300))
def test_knowing_less_widens_it(mean: float):
    narrow, wide = interval(mean, spread=0.1), interval(mean, spread=0.6)

    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_the_two_ways_of_counting_meet_where_they_change():
    below, above = interval(399.9, spread=0.2), interval(400.1, spread=0.2)

    assert above == pytest.approx(below, abs=4)


@pytest.mark.parametrize(("mean", "spread"), [(4.0, 0.3), (40.0, 0.25), (600.0, 0.2)])
def test_four_of_five_draws_fall_inside(mean: float, spread: float):
    dice = random.Random(7)  # noqa: S311 - no secret
    size = 1 / spread**2
    low, high = interval(mean, spread=spread)
    rates = (dice.gammavariate(size, mean / size) for _ in range(4000))
    inside = sum(low <= _poisson(dice, rate) <= high for rate in rates) / 4000

    assert 0.78 <= inside <= 0.9  # counts are whole, so a small one holds a little more


def _poisson(dice: random.Random, rate: float) -> int:
    if rate > 100:
        return max(round(dice.gauss(rate, math.sqrt(rate))), 0)
    left, count = math.exp(-rate), 0
    chance = dice.random()
    while chance > left:
        chance *= dice.random()
        count += 1
    return count


def test_the_rates_quantiles_are_the_gammas():
    """Gamma of shape 4 and mean 1: its deciles are .4362 and 1.6702 (chi-square of 8 over 8)."""
    assert rate_quantile(1, 0.1, spread=0.5) == pytest.approx(0.4362, rel=0.01)
    assert rate_quantile(1, 0.9, spread=0.5) == pytest.approx(1.6702, rel=0.01)
    assert rate_quantile(3, 0.9, spread=0) == 3
