"""Learning to read: a linear model, and a gate that learns from what the model had not seen.

scikit-learn is imported here and nowhere else in this room: a job trains, the desk only serves.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.answers.budget import threshold
from ml.answers.classify import Classifier
from ml.answers.features import Features, Row, fit, pieces
from ml.answers.gate import Gate, signs
from ml.answers.plan import Plan

Floats = NDArray[np.float64]
Cut = Sequence[Sequence[Counter[str]]]
Step = Callable[[], object]

FOLDS = 5
STEPS = FOLDS + 1  # one model a fold, and the one that is kept
NEVER_CALLED = -2.0  # the score of a class without a text, below any that has some
HARDNESS = 1.0  # C of the support vector machine, and of the gate


@dataclass(frozen=True)
class Seen:
    """What the gate saw of texts while the model did not know them, and whether it was right."""

    signs: Floats
    is_inside: NDArray[np.bool_]
    is_right: NDArray[np.bool_]


@dataclass(frozen=True)
class Trained:
    """A classifier, and its cross-fitted record on the texts it was made from."""

    classifier: Classifier
    seen: Seen


def quietly() -> None:
    """Tell nobody that a step is done."""


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    beyond: str,
    language: str,
    plan: Plan,
    step: Step = quietly,
) -> Trained:
    """Train a classifier, its gate and its threshold.

    Each fold's texts are judged by a model that never saw them; the gate and the threshold learn
    from those judgements, the model that is returned from all texts.

    Args:
        beyond: The label of what is out of scope; every fold must hold some.
        step: Called after each of the `STEPS` models.
    """
    cut = [pieces(text, language) for text in texts]
    classes = tuple(sorted(set(labels) - {beyond}))
    wanted = np.array([classes.index(one) if one != beyond else len(classes) for one in labels])
    seen = _cross_fitted(cut, wanted, language=language, seed=plan.seed, step=step)
    inside, right = (
        _gate(seen, holds, share=plan.beyond_share) for holds in (seen.is_inside, seen.is_right)
    )
    drawn = _drawn(seen.is_inside, plan)
    level = threshold(
        right.read(seen.signs[drawn]),
        ~seen.is_right[drawn],
        budget=plan.budget,
        confidence=plan.confidence,
    )
    features, weights, offsets = _linear(
        cut, wanted, classes=len(classes) + 1, language=language, seed=plan.seed
    )
    step()
    classifier = Classifier(features, classes, weights, offsets, inside, right, level)
    return Trained(classifier, seen)


def _cross_fitted(
    cut: Cut, wanted: NDArray[np.intp], *, language: str, seed: int, step: Step
) -> Seen:
    fold = _folds(wanted, seed=seed)
    beyond = int(wanted.max())
    found = np.empty((len(cut), 0))
    best = np.empty(len(cut), dtype=np.intp)
    for number in range(FOLDS):
        learnt = np.flatnonzero(fold != number)
        asked = np.flatnonzero(fold == number)
        features, weights, offsets = _linear(
            [cut[int(at)] for at in learnt],
            wanted[learnt],
            classes=beyond + 1,
            language=language,
            seed=seed,
        )
        for at in asked:
            row = features.weigh(cut[int(at)])
            scores = row.weights @ weights[row.columns].astype(np.float64) + offsets
            told = signs(scores, row)
            found = found if found.size else np.empty((len(cut), len(told)))
            found[at], best[at] = told, int(np.argmax(scores[:-1]))
        step()
    is_inside = wanted != beyond
    return Seen(found, is_inside, is_inside & (best == wanted))


def _folds(wanted: NDArray[np.intp], *, seed: int) -> NDArray[np.intp]:
    """Deal each class evenly over the folds, in an order that the seed shuffles."""
    rng = np.random.default_rng(seed)
    fold = np.empty(len(wanted), dtype=np.intp)
    for one in np.unique(wanted):
        members = rng.permutation(np.flatnonzero(wanted == one))
        fold[members] = (np.arange(len(members)) + rng.integers(FOLDS)) % FOLDS
    return fold


def _linear(
    cut: Cut, wanted: NDArray[np.intp], *, classes: int, language: str, seed: int
) -> tuple[Features, NDArray[np.float32], Floats]:
    """Fit one-against-the-rest support vector machines; out of scope is one of them.

    A class that has no text here, one of a few labels in a fold, is never called.
    """
    from sklearn.svm import LinearSVC

    features = fit(cut, language=language)
    rows = [features.weigh(counts) for counts in cut]
    machine = LinearSVC(C=HARDNESS, random_state=seed).fit(_matrix(rows, features.width), wanted)
    weights = np.zeros((features.width, classes), dtype=np.float32)
    weights[:, machine.classes_] = machine.coef_.T.astype(np.float16)
    offsets = np.full(classes, NEVER_CALLED)
    offsets[machine.classes_] = machine.intercept_
    return features, weights, offsets


def _matrix(rows: Sequence[Row], width: int) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    weights = np.concatenate([row.weights for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    return csr_matrix((weights, columns, ends), shape=(len(rows), width))


def _gate(seen: Seen, holds: NDArray[np.bool_], *, share: float) -> Gate:
    from sklearn.linear_model import LogisticRegression

    told, inside = seen.signs, seen.is_inside
    weigh = np.where(inside, (1 - share) / inside.mean(), share / (1 - inside.mean()))
    centre, scale = told.mean(axis=0), told.std(axis=0)
    scale[scale == 0] = 1.0
    judge = LogisticRegression(C=HARDNESS, max_iter=1000)
    judge.fit((told - centre) / scale, holds, sample_weight=weigh)
    return Gate(centre, scale, np.asarray(judge.coef_[0]), float(judge.intercept_[0]))


def _drawn(is_inside: NDArray[np.bool_], plan: Plan) -> NDArray[np.intp]:
    """Draw as many texts as can be had with the share out of scope that the plan asks for."""
    inside, beyond = np.flatnonzero(is_inside), np.flatnonzero(~is_inside)
    odds = plan.beyond_share / (1 - plan.beyond_share)
    few_inside = min(len(inside), int(len(beyond) / odds))
    few_beyond = min(len(beyond), int(len(inside) * odds))
    rng = np.random.default_rng(plan.seed)
    return np.concatenate(
        [
            rng.choice(inside, few_inside, replace=False),
            rng.choice(beyond, few_beyond, replace=False),
        ]
    )
