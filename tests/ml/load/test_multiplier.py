"""What promotions teach about the next one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.load.multiplier import PRIOR_MEAN, Held, learn


def times(*ratios: float, usual: float = 200) -> list[Held]:
    return [Held(came=usual * ratio, usual=usual) for ratio in ratios]


def test_before_the_first_promotion_the_prior_stands_and_is_wide():
    first = learn([])
    low, high = first.interval()

    assert (first.mean, first.promotions_used) == (PRIOR_MEAN, 0)
    assert low < 1.2
    assert high > 4


def test_one_own_promotion_outweighs_the_prior():
    found = learn(times(4.0))

    assert abs(found.mean - 4.0) < abs(found.mean - PRIOR_MEAN)
    assert found.interval()[0] < 4.0 < found.interval()[1]


def test_promotions_that_agree_make_it_narrow():
    def width(count: int) -> float:
        low, high = learn(times(*[3.0] * count)).interval()
        return high - low

    assert width(8) < width(3) < width(1) < width(0)
    assert learn(times(*[3.0] * 8)).mean == pytest.approx(3.0, abs=0.05)


def test_promotions_that_differ_keep_it_wide():
    agreeing, differing = learn(times(3, 3, 3, 3)), learn(times(1.2, 5, 2, 4))

    assert differing.spread > agreeing.spread


def test_a_promotion_that_cannot_be_compared_teaches_nothing():
    assert learn([Held(came=40, usual=0), Held(came=9, usual=4.9)]) == learn([])


def test_a_promotion_of_few_contacts_teaches_less():
    few, many = learn(times(6.0, usual=6)), learn(times(6.0, usual=600))

    assert abs(few.mean - PRIOR_MEAN) <= abs(many.mean - PRIOR_MEAN)


@given(st.lists(st.builds(Held, came=st.floats(0, 5000), usual=st.floats(0, 2000)), max_size=8))
def test_the_mean_lies_between_all_that_was_seen_and_inside_its_interval(held: list[Held]):
    found = learn(held)
    seen = [PRIOR_MEAN, *(one.came / one.usual for one in held if one.usual >= 5)]
    low, high = found.interval()

    assert min(seen) - 1e-9 <= found.mean <= max(seen) + 1e-9
    assert 0 <= low <= found.mean <= high
