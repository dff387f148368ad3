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
class Seen:
    """What the gate saw of texts while the model did not know them, and whether it was right.

    `is_wrong` says whether an answer would be sent that is not: some intents are never answered.
    """

    signs: Floats
    is_inside: NDArray[np.bool_]
    is_right: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]


@dataclass(frozen=True)
class Trained:
    """A classifier, and its cross-fitted record on the texts it was made from."""

    classifier: Classifier
    seen: Seen


def quietly() -> None:
    """Tell nobody that a step is done."""


def train(
    said: Texts,
    *,
    language: str,
    plan: Plan,
    step: Step = quietly,
) -> Trained:
    """Train a classifier, its gate and its threshold.

    Each fold's texts are judged by a model that never saw them; the gate and the threshold learn
    from those judgements, the model that is returned from all texts.

    Args:
        step: Called after each of the `STEPS` models.
    """
    cut = [pieces(text, language) for text in said.texts]
    classes = tuple(sorted(set(said.labels) - {said.beyond}))
    wanted = np.array(
        [classes.index(one) if one != said.beyond else len(classes) for one in said.labels]
    )
    folds = _folds(wanted[: len(wanted) - said.taught], seed=plan.seed)
    found, best = _cross_fitted(cut, wanted, folds, language=language, seed=plan.seed, step=step)
    seen = _seen(found, best, wanted[: len(folds)], np.isin(classes, plan.silent))
    inside, right = (
        _gate(seen, holds, share=plan.beyond_share) for holds in (seen.is_inside, seen.is_right)
    )
    drawn = _drawn(seen.is_inside, plan)
    level = threshold(
        right.read(seen.signs[drawn]),
        seen.is_wrong[drawn],
        budget=plan.budget,
        confidence=plan.confidence,
    )
    features, weights, offsets = _linear(
        cut, wanted, classes=len(classes) + 1, language=language, seed=plan.seed
    )
    step()
    classifier = Classifier(features, classes, weights, offsets, inside, right, level)
    return Trained(classifier, seen)


def _seen(
    found: Floats, best: NDArray[np.intp], wanted: NDArray[np.intp], is_silent: NDArray[np.bool_]
) -> Seen:
    is_inside = wanted < len(is_silent)
    is_right = is_inside & (best == wanted)
    return Seen(found, is_inside, is_right, is_wrong=~is_right & ~is_silent[best])


def _cross_fitted(
    cut: Cut,
    wanted: NDArray[np.intp],
    fold: NDArray[np.intp],
    *,
    language: str,
    seed: int,
    step: Step,
) -> tuple[Floats, NDArray[np.intp]]:
    """Return the signs of each text in a fold and its likeliest class; the rest is learnt alone."""
    taught = np.arange(len(fold), len(cut))
    found: list[Floats] = [np.empty(0)] * len(fold)
    best = np.empty(len(fold), dtype=np.intp)
    for number in range(FOLDS):
        learnt = np.concatenate([np.flatnonzero(fold != number), taught])
        features, weights, offsets = _linear(
            [cut[int(at)] for at in learnt],
            wanted[learnt],
            classes=int(wanted.max()) + 1,
            language=language,
            seed=seed,
        )
        for at in np.flatnonzero(fold == number):
            row = features.weigh(cut[int(at)])
            scores = row.weights @ weights[row.columns].astype(np.float64) + offsets
            found[at], best[at] = signs(scores, row), int(np.argmax(scores[:-1]))
        step()
    return np.array(found), best


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
