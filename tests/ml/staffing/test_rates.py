"""The rates behind counts."""

import numpy as np
import pytest

from ml.load.slots import LEVELS
from ml.staffing.rates import rates


def test_counts_that_vary_by_chance_alone_have_one_rate():
    counts = np.random.default_rng(1).poisson(25.0, 100_000)
    found = rates(np.array([25.0]), np.quantile(counts, LEVELS)[:, None])

    assert found[:, 0] == pytest.approx(np.full(5, 25.0), abs=1.0)


def test_what_is_left_of_the_variance_is_the_rates():
    dice = np.random.default_rng(1)
    drawn = dice.gamma(9.0, 100.0 / 9.0, 200_000)
    counts = dice.poisson(drawn)
    found = rates(np.array([100.0]), np.quantile(counts, LEVELS)[:, None])
    whole = np.quantile(drawn, LEVELS)

    assert found[1:4, 0] == pytest.approx(whole[1:4], rel=0.05)


def test_no_rate_is_below_nothing():
    found = rates(np.array([1.0]), np.array([[0.0], [0.0], [0.0], [9.0], [30.0]]))

    assert found.min() >= 0
