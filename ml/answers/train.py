"""Learning to read: a linear model, and a judge that learns from what the model had not seen.

Where an encoder is at hand, what texts mean is learnt beside their words, with a judge of its own:
the same model then reads with the encoder and without it. scikit-learn is imported in functions
alone: a job trains, the desk only serves.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.answers.classify import Classifier, Sense, sensed
from ml.answers.encoder import Encoder
from ml.answers.features import Features, Row, fit, pieces
from ml.answers.plan import Plan
from ml.answers.train_judge import Seen, judge_of, seen_of
from ml.answers.train_sense import learn_sense

Floats = NDArray[np.float64]
Cut = Sequence[Sequence[Counter[str]]]
Step = Callable[[], object]
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]  # what is learnt, and what is judged then

FOLDS = 5
STEPS = FOLDS + 1  # one model a fold, and the one that is kept
NEVER_CALLED = -2.0  # the score of a class without a text, below any that has some
HARDNESS = 1.0  # C of the support vector machine


@dataclass(frozen=True)
class Texts:
    """What is learnt.

    Attributes:
        beyond: The label of what is out of scope; every fold must hold some.
        taught: So many at the end are learnt for every fold and judged in none.
    """

    texts: Sequence[str]
    labels: Sequence[str]
    beyond: str
    taught: int = 0


@dataclass(frozen=True)
class Trained:
    """A classifier, and the cross-fitted record of its words on the texts it was made from."""

    classifier: Classifier
    seen: Seen


def quietly() -> None:
    """Tell nobody that a step is done."""


def train(
    said: Texts,
    *,
    language: str,
    plan: Plan,
    encoder: Encoder | None = None,
    step: Step = quietly,
) -> Trained:
    """Train a classifier, its judge and its threshold; with an encoder, its sense as well.

    Each fold's texts are judged by a model that never saw them; the gates and the threshold learn
    from those judgements, the model that is returned from all texts.

    Args:
        step: Called after each of the `STEPS` models of the words.
    """
    classes = tuple(sorted(set(said.labels) - {said.beyond}))
    labels = (*classes, said.beyond)
    at = {label: number for number, label in enumerate(labels)}
    lesson = _Lesson(
        [pieces(text, language) for text in said.texts],
        np.array([at[label] for label in said.labels]),
        labels,
        language,
        plan.seed,
    )
    unseen = _unseen(lesson, judged=len(said.texts) - said.taught, step=step)
    seen = seen_of(unseen.scores, unseen.rows, unseen.wanted, labels=labels, plan=plan)
    sense = _sense(encoder, said.texts, lesson, unseen, plan) if encoder else None
    features, weights, offsets = _linear(lesson, np.arange(len(said.texts)))
    step()
    words = Classifier(features, classes, weights, offsets, judge_of(seen, plan), sense)
    return Trained(words.sensing(encoder), seen)


@dataclass(frozen=True)
class _Lesson:
    """Texts cut into n-grams, and the place of each one's label; the last is beyond scope."""

    cut: Cut
    wanted: NDArray[np.intp]
    labels: Sequence[str]
    language: str
    seed: int

    @property
    def classes(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class _Unseen:
    """What models that had not learnt a text made of it: of the first texts of a lesson."""

    wanted: NDArray[np.intp]
    folds: Sequence[Fold]
    scores: Floats
    rows: Sequence[Row]


def _unseen(lesson: _Lesson, *, judged: int, step: Step) -> _Unseen:
    """Let each text be judged by a model of the words that did not learn it."""
    wanted = lesson.wanted[:judged]
    folds = list(_folds(wanted, texts=len(lesson.wanted), seed=lesson.seed))
    scores = np.empty((judged, lesson.classes))
    rows: dict[int, Row] = {}
    for learnt, asked in folds:
        features, weights, offsets = _linear(lesson, learnt)
        for at in asked:
            row = rows[int(at)] = features.weigh(lesson.cut[int(at)])
            scores[at] = row.weights @ weights[row.columns].astype(np.float64) + offsets
        step()
    return _Unseen(wanted, folds, scores, [rows[at] for at in range(judged)])


def _sense(
    encoder: Encoder,
    texts: Sequence[str],
    lesson: _Lesson,
    unseen: _Unseen,
    plan: Plan,
) -> Sense:
    encoded = encoder.encode(texts)
    scores = unseen.scores.copy()
    for learnt, asked in unseen.folds:
        weights, offsets = learn_sense(
            encoded[learnt], lesson.wanted[learnt], classes=lesson.classes
        )
        scores[asked] += sensed(encoded[asked], weights, offsets)
    seen = seen_of(scores, unseen.rows, unseen.wanted, labels=lesson.labels, plan=plan)
    weights, offsets = learn_sense(encoded, lesson.wanted, classes=lesson.classes)
    return Sense(encoder.name, weights, offsets, judge_of(seen, plan))


def _folds(wanted: NDArray[np.intp], *, texts: int, seed: int) -> Iterator[Fold]:
    """Deal each class evenly over the folds, in an order that the seed shuffles.

    What stands behind those that are dealt, up to so many `texts`, is learnt in every fold.
    """
    rng = np.random.default_rng(seed)
    fold = np.full(texts, FOLDS, dtype=np.intp)
    for one in np.unique(wanted):
        members = rng.permutation(np.flatnonzero(wanted == one))
        fold[members] = (np.arange(len(members)) + rng.integers(FOLDS)) % FOLDS
    for number in range(FOLDS):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _linear(
    lesson: _Lesson, learnt: NDArray[np.intp]
) -> tuple[Features, NDArray[np.float32], Floats]:
    """Fit one-against-the-rest support vector machines; out of scope is one of them.

    A class that has no text here, one of a few labels in a fold, is never called.
    """
    from sklearn.svm import LinearSVC

    cut = [lesson.cut[int(at)] for at in learnt]
    features = fit(cut, language=lesson.language)
    rows = [features.weigh(counts) for counts in cut]
    machine = LinearSVC(C=HARDNESS, random_state=lesson.seed)
    machine.fit(_matrix(rows, features.width), lesson.wanted[learnt])
    weights = np.zeros((features.width, lesson.classes), dtype=np.float32)
    weights[:, machine.classes_] = machine.coef_.T.astype(np.float16)
    offsets = np.full(lesson.classes, NEVER_CALLED)
    offsets[machine.classes_] = machine.intercept_
    return features, weights, offsets


def _matrix(rows: Sequence[Row], width: int) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    weights = np.concatenate([row.weights for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    return csr_matrix((weights, columns, ends), shape=(len(rows), width))
