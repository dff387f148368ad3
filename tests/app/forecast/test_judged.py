"""What a page says of the models, read from what a run stored."""

import json
import math

import pytest

from app.forecast.foresee import report_of
from app.forecast.judged import judged, used
from ml.load.backtest import Decision, Report, Score
from ml.load.champion import Because, Choice


def choice(group: str, name: str, because: Because, error: float) -> Choice:
    return Choice(group=group, used=name, because=because, folds=8, against_baseline=error)


def score(decision: Decision, contender: str, wape: float, *, group: str = "all") -> Score:
    return Score(
        decision=decision,
        contender=contender,
        group=group,
        slots=40,
        wape=wape,
        mase=0.9,
        pinball=None if decision is Decision.INTRADAY else 0.4,
        coverage_80=0.81,
        coverage_95=math.nan,
    )


REPORT = Report(
    near=[choice("all", "days", Because.WON, 0.8)],
    choices=[choice("all", "four_weeks", Because.NONE_BEAT_THE_BASELINE, 1.02)],
    scores=[
        score(Decision.T_7, "four_weeks", 0.2),
        score(Decision.T_7, "days", 0.1),
        score(Decision.T_1, "days", 0.15),
        score(Decision.T_1, "four_weeks", 0.25),
        score(Decision.INTRADAY, "days", 0.12),
    ],
    trust={"all": 0.8},
)


def test_each_decision_is_judged_by_the_model_that_is_used_for_it():
    rows = {one.decision: one for one in judged(report_of(REPORT))}

    assert list(rows) == ["T_7", "T_1", "INTRADAY"]
    assert (rows["T_7"].used, rows["T_7"].wape) == ("four_weeks", 0.2)
    assert (rows["T_1"].used, rows["T_1"].wape, rows["T_1"].plain_wape) == ("days", 0.15, 0.25)
    assert rows["INTRADAY"].pinball is None


def test_what_could_not_be_measured_is_stored_as_nothing():
    stored = json.loads(json.dumps(report_of(REPORT), allow_nan=False))

    assert judged(stored)[0].coverage_95 is None


def test_how_much_better_is_said_only_of_what_is_used():
    [whole] = used(report_of(REPORT))

    assert whole.near_less == pytest.approx(0.2)
    assert whole.later_less is None
    assert not whole.is_plain


def test_without_a_report_there_is_nothing_to_show():
    assert not used({})
    assert not judged({})
