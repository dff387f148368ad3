"""The figures of reading questions, as `./orderbell bench models --part answers` says them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench import models_answers
from bench.data import NoData

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    """What the bench measures, once."""
    try:
        return dict(models_answers.measure(lambda _text: None))
    except NoData as fault:
        pytest.skip(str(fault))


def test_with_the_encoder_more_is_answered_and_more_is_kept_out(figures: Mapping[str, Any]):
    if "with_encoder" not in figures:
        pytest.skip("no encoder here: pip install 'orderbell[encoder]'")
    words, both = figures, figures["with_encoder"]

    assert both["clinc150"]["accuracy"] > words["clinc150"]["accuracy"]
    assert both["clinc150"]["out_of_scope_recall"] >= 0.88
    assert both["own"]["inside_answered"] > words["own"]["inside_answered"]
    assert all(of["wrong_share"] <= of["budget"] for of in both.values() if "budget" in of)


def test_a_linear_model_and_its_gate_tell_150_intents_from_all_else(figures: Mapping[str, Any]):
    clinc = figures["clinc150"]

    assert clinc["accuracy"] >= 0.925
    assert clinc["coverage"] >= 0.94
    assert clinc["out_of_scope_recall"] >= 0.85


def test_wrong_answers_of_the_model_stay_within_the_budget(figures: Mapping[str, Any]):
    assert all(of["wrong_share"] <= of["budget"] for of in figures.values() if "budget" in of)


def test_the_desk_reads_more_and_misreads_less_with_the_model_than_without(
    figures: Mapping[str, Any],
):
    without, desk = figures["patterns"], figures["desk"]

    assert desk["inside_read"] > without["inside_read"] + 0.2
    assert desk["wrong_share"] < without["wrong_share"] / 3


def test_a_question_is_read_at_once_and_in_little_room(figures: Mapping[str, Any]):
    assert all(of["p95_ms"] <= 20 for of in figures.values() if "p95_ms" in of)
    assert figures["clinc150"]["weights_mb"] <= 150
