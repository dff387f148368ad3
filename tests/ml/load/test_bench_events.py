"""The figures on event weeks, as `./orderbell bench models --part events` says them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench import models_events, models_played
from bench.data import NoData

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def sales() -> Mapping[str, Any]:
    try:
        return models_events.weekly(lambda _text: None)
    except NoData as fault:
        pytest.skip(str(fault))


def test_event_weeks_are_foreseen_with_a_third_of_the_error_of_no_event(sales):
    assert sales["all"]["own_and_others_ratio"] <= 0.35


def test_an_event_that_a_store_never_held_with_half_of_it(sales):
    assert sales["all"]["others_only_ratio"] <= 0.5


def test_shrinking_is_no_worse_than_last_year_and_better_than_the_plain_mean_of_others(sales):
    every = sales["all"]

    assert every["own_and_others"] <= every["own_last_year"]
    assert every["others_only"] < every["mean_of_others"]


@pytest.fixture(scope="module")
def played() -> Mapping[str, Any]:
    return models_played.played(lambda _text: None)


def test_promotions_of_played_shops_are_foreseen_the_same_way(played):
    assert played["own_and_others_ratio"] <= 0.35
    assert played["others_only_ratio"] <= 0.5
    assert played["own_and_others"] < played["own_last"]


def test_nobody_foresees_better_than_the_truth(played):
    assert played["truth"] < played["own_and_others"] < played["others_only"]


def test_intervals_of_true_uplifts_hold_no_less_than_they_say(played):
    for who in ("own_and_others", "others_only"):
        assert played[f"coverage_80_{who}"] >= 78
        assert played[f"coverage_95_{who}"] >= 93


def test_intervals_hold_what_they_say_as_far_as_six_days_can_tell(sales):
    for who in ("own_and_others", "others_only"):
        assert 77 <= sales[f"coverage_80_{who}"] <= 90
        assert 92 <= sales[f"coverage_95_{who}"] <= 99
