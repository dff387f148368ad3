"""A plan beside one that had known."""

import pytest

from ml.staffing.erlang import ImpossibleTarget
from ml.staffing.people import Target, people_needed
from ml.staffing.regret import regret

TARGET = Target(handle_seconds=180, patience_seconds=120, within_seconds=20, share=0.8)
RATES = [200.0, 300.0, 0.0, 80.0]


def test_who_knew_regrets_nothing():
    plan = [people_needed([rate], TARGET) for rate in RATES]

    found = regret(plan, RATES, TARGET, slot_hours=0.5)

    assert (found.extra_share, found.kept_share) == (0.0, 1.0)
    assert found.planned_hours == sum(plan) / 2


def test_one_more_in_each_slot_costs_hours_and_one_less_costs_slots():
    plan = [people_needed([rate], TARGET) for rate in RATES]

    more = regret([one + 1 for one in plan], RATES, TARGET, slot_hours=0.5)
    less = regret([max(one - 1, 0) for one in plan], RATES, TARGET, slot_hours=0.5)

    assert more.extra_share == pytest.approx(4 / sum(plan))
    assert more.kept_share == 1.0
    assert less.kept_share == 0.0


def test_plans_of_another_length_are_refused():
    with pytest.raises(ImpossibleTarget):
        regret([1], RATES, TARGET, slot_hours=0.5)
