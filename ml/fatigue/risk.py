"""How likely somebody is to refuse offers within a week of one more: calibrated, or not told.

A logistic regression on how many offers came in 7 and in 30 days, what share of their inbox they
opened, and for how long they have been known. Its scores are calibrated by Platt's sigmoid (Platt
1999, Advances in Large Margin Classifiers: 61) on people it had not seen: folds are cut by person.
Where few refused anything yet, or the model foresees it no better than the mean of all would, there
is no model: it cannot be told.

scikit-learn is imported where it learns; what is learnt is a handful of numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

FEWEST_LEFT, FEWEST = 30, 300  # tellings after which somebody refused; tellings in all
FOLDS = 5
Z = 1.959964  # 95 % of a normal distribution lie within so many deviations
LEAST = 1e-6  # of a probability whose logarithm is taken
HARDNESS = 1.0  # C of the regression
FREE = 1e6  # C of the sigmoid: two numbers need no restraint
NAMES = ("sends_7", "sends_30", "unopened", "new")


class Signs(NamedTuple):
    """What is known of somebody at a moment; the offer to come is counted in both sums."""

    sends_7: int
    sends_30: int
    opened_share: float  #: 0 to 1, of the inbox lines of thirty days
    known_days: float


class Case(NamedTuple):
    """One telling: whom, what was known, and whether they refused offers within a week."""

    person: str
    signs: Signs
    left: bool


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A calibrated model: `weights` are of signs less `means`, over `scales`."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    slope: float
    offset: float
    cases: int
    left: int
    gained: float  #: log loss of the mean less that of the model, per telling, on unseen people


class Risk(NamedTuple):
    """The probability of refusing, 0 to 1, and the sign that raises it most."""

    share: float
    because: str


def risk(learnt: Learnt, signs: Signs) -> Risk:
    """Say how likely somebody refuses offers within a week of the next, and why most."""
    parts = [
        weight * (value - mean) / scale
        for weight, value, mean, scale in zip(
            learnt.weights, _values(signs), learnt.means, learnt.scales, strict=True
        )
    ]
    share = 1 / (1 + math.exp(-(learnt.slope * sum(parts) + learnt.offset)))
    return Risk(share, NAMES[max(range(len(parts)), key=parts.__getitem__)])


def learn(cases: Sequence[Case], *, seed: int) -> Learnt | None:
    """Learn from what became of tellings; None if it cannot be told who refuses.

    Args:
        seed: Cuts the people into folds; the same cases and seed give the same model.
    """
    left = sum(case.left for case in cases)
    refusers = len({case.person for case in cases if case.left})
    if len(cases) < FEWEST or min(left, refusers) < FEWEST_LEFT:
        return None
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = np.array([_values(case.signs) for case in cases])
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), LEAST)
    rows = (rows - means) / scales
    truth = np.array([case.left for case in cases])
    unseen = _unseen(rows, truth, [case.person for case in cases], seed)
    sigmoid = LogisticRegression(C=FREE).fit(unseen[:, None], truth)
    gained = _gained(sigmoid.predict_proba(unseen[:, None])[:, 1], truth)
    if gained is None:
        return None
    model = LogisticRegression(C=HARDNESS).fit(rows, truth)
    return Learnt(
        weights=tuple(model.coef_[0].tolist()),
        means=tuple(means.tolist()),
        scales=tuple(scales.tolist()),
        slope=float(sigmoid.coef_[0, 0]),
        offset=float(sigmoid.intercept_[0]),
        cases=len(cases),
        left=left,
        gained=gained,
    )


def _values(signs: Signs) -> tuple[float, ...]:
    """Return the signs so that more of each is thought to mean more risk."""
    return (
        math.log1p(signs.sends_7),
        math.log1p(signs.sends_30),
        1 - signs.opened_share,
        -math.log1p(max(signs.known_days, 0.0)),
    )


def _unseen(rows: Any, truth: Any, people: Sequence[str], seed: int) -> Any:
    """Return the score of each case by a model that saw nothing of its person."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold

    scores = np.zeros(len(truth))
    cut = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, hidden in cut.split(rows, truth, groups=people):
        model = LogisticRegression(C=HARDNESS).fit(rows[seen], truth[seen])
        scores[hidden] = rows[hidden] @ model.coef_[0]
    return scores


def _gained(said: Any, truth: Any) -> float | None:
    """Return by how much the log loss is below the mean's, if that is beyond doubt."""
    import numpy as np

    mean = truth.mean()
    said = np.clip(said, LEAST, 1 - LEAST)
    better = np.where(truth, np.log(said / mean), np.log((1 - said) / (1 - mean)))
    gained = float(better.mean())
    doubt = Z * float(better.std(ddof=1)) / math.sqrt(len(truth))
    return gained if gained > doubt else None
