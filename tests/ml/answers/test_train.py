"""Training: the same seed is the same model, and the gate has learnt to be silent."""

from functools import cache

import numpy as np
import pytest

from ml.answers import keep
from ml.answers.gate import SEES
from ml.answers.plan import Plan
from ml.answers.train import Trained
from ml.artifact.manifest import Manifest
from ml.artifact.seal import seal
from ml.artifact.unseal import unseal
from tests.ml.answers.little import TEXTS, learnt

KEY = b"a key that only tests know of"


@cache
def once() -> Trained:
    """Train once for the whole file."""
    return learnt()


def _sealed(trained: Trained) -> bytes:
    manifest = Manifest(kind=keep.KIND, seed=1, data_sha256="0", libraries={}, metrics={})
    return seal(keep.parts({"en": trained.classifier}), manifest, key=KEY)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("where is order 200400", "where"), ("still no refund", "refund"), ("an invoice", "invoice")],
)
def test_it_reads_what_it_was_not_told_word_for_word(text: str, intent: str):
    assert once().classifier.read(text).intent == intent


def test_talk_is_less_likely_ours_than_a_question():
    read = once().classifier.read
    talk = [read(text).inside for text in ("who won that race", "tell me about the weather")]
    asked = [read(text).inside for text in ("where is my package", "send an invoice")]

    assert max(talk) < min(asked)


def test_the_gate_learns_from_texts_the_model_had_not_seen():
    known = SEES.index("share of n-grams known")
    unseen = once().seen.signs[:, known]
    learnt_by_now = [once().classifier.features.row(text).known for text in TEXTS]

    assert np.mean(unseen) < np.mean(learnt_by_now) - 0.1


def test_nothing_at_all_is_read_without_fault():
    guess = once().classifier.read("")

    assert not np.isnan(guess.right)
    assert not guess.answers


def test_one_seed_is_one_model_byte_for_byte_and_another_is_another():
    assert _sealed(learnt()) == _sealed(once())
    assert _sealed(learnt(seed=2)) != _sealed(once())


def test_what_comes_out_of_an_artifact_reads_exactly_as_what_went_in():
    again = keep.classifiers(unseal(_sealed(once()), key=KEY, kind=keep.KIND))["en"]

    for text in ("where is it", "refund", "what is the weather", ""):
        assert again.read(text) == once().classifier.read(text)


def test_a_budget_that_cannot_be_shown_to_hold_leaves_every_question_unanswered():
    strict = learnt(budget=0.005)

    assert not strict.classifier.read("where is my order").answers


def test_an_answer_that_serves_what_was_asked_is_not_wrong():
    plan = Plan(silent=("invoice",), serves=(("where", "refund"),))

    assert plan.is_right("where", "refund")
    assert not plan.is_wrong("where", "refund")
    assert plan.is_wrong("refund", "where")
    assert plan.is_wrong("where", "other")
    assert not plan.is_right("invoice", "where")
    assert not plan.is_wrong("invoice", "where")
