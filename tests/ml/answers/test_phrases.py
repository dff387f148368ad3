"""Phrases: many utterances of a line, the same every time; taught, and never judged."""

from collections import Counter
from pathlib import Path

import pytest

from ml.answers.corpus import LANGUAGES, plain, read
from ml.answers.intents import Intent
from ml.answers.lessons import exam, taught
from ml.answers.phrases import DRAWN, phrases
from ml.answers.plan import Plan
from ml.answers.train import Texts, train
from tests.ml.answers.little import LABELS, TEXTS


def write(folder: Path, text: str) -> Path:
    (folder / "en").mkdir()
    (folder / "en/phrases.txt").write_text(text, "utf-8")
    return folder


def test_a_line_is_said_in_its_ways_and_none_twice(tmp_path: Path):
    folder = write(tmp_path, "[thanks]\n{ta|cheers}{|, mate}\n[human]\na {human|person}\n")
    said = phrases("en", folder=folder)

    assert Counter(one.intent for one in said) == {Intent.THANKS: 4, Intent.HUMAN: 2}
    assert {one.text for one in said} == {
        *("ta", "cheers", "ta, mate", "cheers, mate", "a human", "a person"),
    }


def test_the_same_seed_says_the_same(tmp_path: Path):
    ways = "|".join(f"way {n}" for n in range(999))
    folder = write(tmp_path, f"[where]\n{{{ways}}}\n")

    assert phrases("en", folder=folder) == phrases("en", folder=folder)
    assert phrases("en", folder=folder, seed=2) != phrases("en", folder=folder)
    assert len(phrases("en", folder=folder)) == DRAWN


def test_where_there_are_no_phrases_none_are_said(tmp_path: Path):
    assert phrases("zh", folder=tmp_path) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_phrases_are_of_every_intent_and_whole(language: str):
    said = phrases(language)
    by_intent = Counter(one.intent for one in said)

    assert set(by_intent) == set(Intent) - {Intent.OTHER}
    assert min(by_intent.values()) >= 20
    assert not [one.text for one in said if set("{}|[]") & set(one.text) or not one.text]


def test_nothing_that_is_graded_on_is_taught(tmp_path: Path):
    learnt = {plain(one.text) for said in taught().values() for one in said}
    asked = {plain(one.text) for said in exam(()).values() for one in said}
    assert not learnt & asked

    graded = read("en", "test")[0].text
    folder = write(tmp_path, f"[where]\n{{{graded}|somewhere else}}\n")
    (folder / "en/test").mkdir()
    (folder / "en/test/where.txt").write_text(graded, "utf-8")
    assert plain(graded) not in {plain(one.text) for one in taught(folder=folder)["en"]}


def test_what_is_taught_is_known_and_never_judged():
    said = Texts([*TEXTS, "qqq qqq", "qqq zzz"], [*LABELS, "invoice", "invoice"], "other", taught=2)
    trained = train(said, language="en", plan=Plan(seed=1, budget=0.4))

    assert len(trained.seen.signs) == len(TEXTS)
    assert trained.classifier.read("qqq").intent == "invoice"


def test_to_take_something_for_what_a_person_answers_anyway_is_no_wrong_answer():
    strict, lax = (
        train(Texts(TEXTS, LABELS, "other"), language="en", plan=Plan(seed=1, silent=silent)).seen
        for silent in ((), ("invoice", "refund", "where"))
    )

    assert (strict.is_wrong == ~strict.is_right).all()
    assert strict.is_wrong.any()
    assert not lax.is_wrong.any()
