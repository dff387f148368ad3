"""Learning when to speak: two gates and a threshold, from what a model had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.answers.budget import threshold
from ml.answers.features import Row
from ml.answers.gate import Gate, Judge, signs
from ml.answers.plan import Plan

Floats = NDArray[np.float64]

HARDNESS = 1.0  # C of the gates' logistic regression


@dataclass(frozen=True)
class Seen:
    """What the gate saw of texts while the model did not know them, and what came of its guess.

    `is_right` says whether the answer to its guess would answer the text, `is_wrong` whether one
    would be sent that does not: some intents are never answered.
    """

    signs: Floats
    is_inside: NDArray[np.bool_]
    is_right: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]


def seen_of(
    scores: Floats,
    rows: Sequence[Row],
    wanted: NDArray[np.intp],
    *,
    labels: Sequence[str],
    plan: Plan,
) -> Seen:
    """Return how a model did on texts that it had not seen.

    Args:
        scores: Texts × labels.
        wanted: The place of each text's label.
        labels: The last of them is out of scope.
    """
    best = scores[:, :-1].argmax(axis=1)
    guesses = [(labels[called], labels[asked]) for called, asked in zip(best, wanted, strict=True)]
    return Seen(
        signs=np.array([signs(one, row) for one, row in zip(scores, rows, strict=True)]),
        is_inside=wanted < len(labels) - 1,
        is_right=np.array([plan.is_right(*guess) for guess in guesses]),
        is_wrong=np.array([plan.is_wrong(*guess) for guess in guesses]),
    )


def judge_of(seen: Seen, plan: Plan) -> Judge:
    """Learn both gates, and the threshold that keeps the plan's budget."""
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
    return Judge(inside, right, level)


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
