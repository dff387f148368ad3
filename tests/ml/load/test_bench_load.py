"""The forecast's figures on a bank's calls, as `./orderbell bench models --part load` says them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench import models_load
from bench.data import NoData

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    try:
        return models_load.measure(lambda _text: None)
    except NoData as fault:
        pytest.skip(str(fault))


def test_a_week_ahead_it_beats_the_naive_forecast_by_a_third_and_four_weeks_by_a_tenth(figures):
    late = figures["late"]["week_ahead"]

    assert late["against_naive"] <= 0.66
    assert late["against_four_weeks"] <= 0.90


def test_intervals_hold_as_often_as_they_say(figures):
    held = figures["all"]["coverage"]

    assert held["80"] == pytest.approx(80, abs=3)
    assert held["95"] == pytest.approx(95, abs=3)


@pytest.mark.parametrize("weeks", ["late", "all"])
def test_after_three_hours_the_rest_of_the_day_is_known_a_fifth_better_than_by_four_weeks(
    figures, weeks
):
    rest = figures[weeks]["rest_of_day"]

    assert rest["against_four_weeks_morning"] <= 0.80
    assert rest["against_morning"] < 1


def test_what_is_known_of_orders_tells_tomorrow_where_contacts_are_many(figures):
    assert figures["train_to_serve"]["tomorrow"]["where"] <= 0.75


def test_two_years_of_six_groups_are_learnt_in_a_minute_and_served_at_once(figures):
    assert figures["train_to_serve"]["trained_seconds"] <= 60
    assert figures["train_to_serve"]["served_ms"] <= 100
