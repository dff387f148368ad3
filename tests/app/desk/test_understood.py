"""Two readers: the model counts where it is sure enough, the patterns where there is no model."""

from dataclasses import replace

import pytest

from app.desk.intent import Abstain, Why
from app.desk.reading import Reading
from app.desk.understood import By, Guessed, Understood, understand
from ml.answers.intents import Intent

SURE = Guessed(
    intent=Intent.POINTS, sure=0.99, needs=0.9, passes=True, is_ours=True, model="one"
)  # fmt: skip
UNSURE = replace(SURE, sure=0.5, passes=False)


def asked(text: str, guessed: Guessed | None) -> Understood:
    return understand(text, guessed, fallback="en")


def test_the_model_counts_where_it_is_sure_and_keeps_the_order_that_is_named():
    read = asked("what became of my stars on 100482", SURE)

    assert read.by is By.MODEL
    assert isinstance(read.meant, Reading)
    assert (read.meant.intent, read.meant.mentioned.sure) == (Intent.POINTS, ("100482",))


def test_where_the_model_is_unsure_nobody_answers_whatever_the_patterns_read():
    is_same = replace(UNSURE, intent=Intent.WHERE)
    assert asked("where is my order", is_same).meant == Abstain(Why.UNSURE, "en")
    assert asked("where is my order", UNSURE).meant == Abstain(Why.UNSURE, "en")
    is_talk = replace(is_same, is_ours=False)
    assert asked("where is my order", is_talk).meant == Abstain(Why.OUT_OF_SCOPE, "en")


@pytest.mark.parametrize(
    ("guessed", "because"),
    [(UNSURE, Why.UNSURE), (replace(UNSURE, is_ours=False), Why.OUT_OF_SCOPE)],
)
def test_where_neither_reads_it_nobody_answers_and_the_reason_says_how_near_it_was(
    guessed: Guessed, because: Why
):
    read = asked("what became of my stars", guessed)

    assert (read.by, read.meant) == (By.NOBODY, Abstain(because, "en"))
    assert read.guessed is not None


@pytest.mark.parametrize(
    "text",
    [
        "I want to speak to a human about my points",  # a person is wanted
        "this is a complaint about my points",
        "how many points does my friend have",  # other people's
        "it came broken and where is my refund",  # two things at once
        "100482",  # a number alone asks where it is
        "",
        "x" * 3000,
        "где мой заказ",
    ],
)
def test_some_readings_no_model_may_overrule(text: str):
    without = asked(text, None)

    assert asked(text, SURE).meant == without.meant
    assert asked(text, SURE).by is not By.MODEL


def test_without_a_model_the_patterns_stand_as_they_are():
    assert asked("where is my order", None).by is By.PATTERNS
    assert asked("what became of my stars", None).meant == Abstain(Why.OUT_OF_SCOPE, "en")
