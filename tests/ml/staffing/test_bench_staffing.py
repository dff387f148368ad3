"""The figures of staffing, on a bank's calls and beside another simulator."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench import models_staffing
from bench.data import NoData

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    """What the bench measures, once."""
    try:
        return models_staffing.measure(lambda _text: None)
    except NoData as fault:
        pytest.skip(str(fault))


def test_erlang_is_exact_and_two_simulators_agree_with_it(figures: Mapping[str, Any]):
    assert figures["erlang_worst_relative_error"] <= 1e-6
    for team in figures["simulations"].values():
        for name in ("ciw", "play"):
            assert abs(team[name]["standard_errors_off"]) < 4


def test_the_more_of_the_distribution_a_plan_covers_the_more_slots_it_keeps(
    figures: Mapping[str, Any],
):
    kept = [
        figures["plans"][name]["kept_percent"] for name in ("mean", "distribution", "quantile_90")
    ]
    assert kept == sorted(kept)
    assert figures["plans"]["quantile_90"]["kept_percent"] >= 95


@pytest.mark.parametrize("shop", ["4000_orders_a_day", "20000_orders_a_day"])
def test_teams_for_a_share_of_slots_cost_less_than_a_quantile_and_keep_more_than_the_mean(
    figures: Mapping[str, Any], shop: str
):
    plans = figures["played_plans"][shop]

    for reach in ("week", "two_days"):
        mean, share, quantile = (
            plans[f"{reach}_{name}"] for name in ("mean", "kept_95", "quantile_90")
        )
        assert mean["kept_percent"] < share["kept_percent"]
        assert share["extra_percent"] < quantile["extra_percent"]
