"""Who is used, and who is not."""

import numpy as np
import pytest

from ml.load.champion import Because, Choice, choose
from ml.load.contenders import Foreseen
from ml.load.regressors import View
from ml.load.series import LEVELS, Floats

SHAPE = (7, 48, 1)


def week(came: float, **means: float) -> Foreseen:
    """Return a week in which everything foreseen, and everything that came, was one figure."""

    def all_of(figure: float) -> Floats:
        return np.full(SHAPE, figure)

    return Foreseen(
        view=View(
            origin=0,
            leads=np.arange(7),
            four_weeks=all_of(means["four_weeks"]),
            days=all_of(1.0),
            features=np.zeros((*SHAPE, 1)),
        ),
        means={name: all_of(figure) for name, figure in means.items()},
        spread=np.ones((len(LEVELS), *SHAPE)),
        came=all_of(came),
    )


def chosen(*weeks: Foreseen) -> Choice:
    return choose(weeks, ["other"])[0]


def test_the_one_with_the_least_error_is_used():
    choice = chosen(week(100.0, four_weeks=90.0, days=96.0, trees=93.0))

    assert (choice.used, choice.because) == ("days", Because.WON)
    assert choice.against_baseline == pytest.approx(0.4)


def test_a_contender_that_is_hardly_better_is_not_used():
    choice = chosen(week(100.0, four_weeks=90.0, days=90.05))

    assert (choice.used, choice.because) == ("four_weeks", Because.NONE_BEAT_THE_BASELINE)


def test_the_naive_forecast_is_never_used():
    assert chosen(week(100.0, four_weeks=90.0, seasonal_naive=100.0)).used == "four_weeks"


def test_who_was_not_there_every_week_is_not_judged():
    first, then = (
        week(100.0, four_weeks=90.0, days=95.0),
        week(100.0, four_weeks=90.0, days=95.0, trees=100.0),
    )

    assert chosen(first, then).used == "days"


def test_of_few_contacts_nobody_wins_by_foreseeing_none():
    quiet = week(0.0, four_weeks=0.2, days=0.0)
    busy = week(1.0, four_weeks=0.2, days=0.0)
    folds = [quiet, quiet, quiet, busy]

    assert chosen(*folds).used == "four_weeks"
