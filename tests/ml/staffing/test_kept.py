"""Teams that keep a target in so many of all slots."""

from collections.abc import Sequence
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest

from ml.load.series import LEVELS, Floats
from ml.staffing.erlang import ImpossibleTarget
from ml.staffing.kept import people_for_share
from ml.staffing.people import Target, level, people_needed

TARGET = Target(handle_seconds=180, patience_seconds=120, within_seconds=20, share=0.8)
DEVIATES = np.array([NormalDist().inv_cdf(share) for share in LEVELS])
EXACT = 0.003
EVENLY = [NormalDist().inv_cdf((place + 0.5) / 400) for place in range(400)]


def rates(*means: float, spread: float) -> Floats:
    middle = np.array(means)
    return middle * (1 + spread * DEVIATES[:, None])


def share_kept(people: Sequence[int], means: Sequence[float], *, spread: float) -> float:
    """Return the share that is kept, over 400 equally likely rates of each slot."""
    kept = [
        level(mean * (1 + spread * at), there, TARGET) >= TARGET.share
        for there, mean in zip(people, means, strict=True)
        for at in EVENLY
    ]
    return float(np.mean(kept))


def test_where_the_rates_are_known_it_is_the_team_for_each():
    sure = [60.0, 130.0, 410.0]

    assert people_for_share(rates(*sure, spread=0.0), TARGET, kept_share=0.95).tolist() == [
        people_needed([rate], TARGET) for rate in sure
    ]


def test_the_promised_share_of_slots_is_kept():
    means = list(np.linspace(80, 600, 14))
    teams = people_for_share(rates(*means, spread=0.08), TARGET, kept_share=0.95)

    assert share_kept(teams.tolist(), means, spread=0.08) >= 0.95 - EXACT


def test_it_costs_less_than_the_same_quantile_in_every_slot():
    means = list(np.linspace(80, 600, 14))
    every = rates(*means, spread=0.08)
    evenly = [people_needed([1.0 * rate], TARGET) for rate in np.array(means) * (1 + 0.08 * 1.645)]

    assert people_for_share(every, TARGET, kept_share=0.95).sum() < sum(evenly)


def test_no_other_teams_of_fewer_people_would_do():
    means = [55.0, 120.0, 260.0]
    teams = people_for_share(rates(*means, spread=0.1), TARGET, kept_share=0.9)
    least = [people_needed([mean], TARGET) for mean in means]

    fewer = [
        tried
        for more in product(range(6), repeat=3)
        if sum(tried := tuple(np.add(least, more).tolist())) < teams.sum()
    ]
    assert share_kept(teams.tolist(), means, spread=0.1) >= 0.9 - EXACT
    assert max(share_kept(tried, means, spread=0.1) for tried in fewer) < 0.9 + EXACT


def test_no_slot_is_planned_to_be_missed():
    or_hardly_any = np.array([[5.0], [10.0], [355.0], [356.0], [357.0]])
    on_average = people_needed([10.0, 182.5, 355.0, 355.5, 356.0], TARGET)

    teams = people_for_share(or_hardly_any, TARGET, kept_share=0.0)

    assert teams.tolist() == [people_needed([355.0], TARGET)]
    assert teams[0] > on_average


def test_a_slot_that_may_bring_much_is_staffed_for_it_and_does_not_pay_for_the_others():
    calm, wide = rates(*[100.0] * 20, spread=0.05), rates(200.0, spread=0.45)
    alone = people_for_share(wide, TARGET, kept_share=0.0)

    among = people_for_share(np.hstack([calm, wide]), TARGET, kept_share=0.9)

    assert among[-1] >= alone[0] > people_needed([200.0], TARGET)


def test_where_nobody_writes_nobody_is_needed():
    assert people_for_share(np.zeros((5, 2)), TARGET, kept_share=0.9).tolist() == [0, 0]
    assert people_for_share(np.zeros((5, 0)), TARGET, kept_share=0.9).tolist() == []


def test_a_share_of_all_slots_cannot_be_promised():
    with pytest.raises(ImpossibleTarget, match="between 0 and 1"):
        people_for_share(rates(60.0, spread=0.1), TARGET, kept_share=1.0)
