"""When to stay silent: a small trained judge of what the classifier said about a text.

A threshold on a softmax accepts most of what nobody taught it. This gate is a logistic regression
on how the scores lie, trained on texts the classifier had not seen, out-of-scope ones among them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.answers.features import Row

Floats = NDArray[np.float64]

#: What the gate sees, in this order.
SEES = (
    "best",
    "lead over the second",
    "second",
    "third",
    "out of scope",
    "lead over out of scope",
    "entropy",
    "mean",
    "spread",
    "share of n-grams known",
    "length",
    "probability of the best",
    "lead over all else",
)
SHARPNESS = 3.0  # of the softmax under the entropy: scores of a support vector machine lie close


@dataclass(frozen=True)
class Gate:
    """A logistic regression on standardised signs; `read` returns a probability."""

    centre: Floats
    scale: Floats
    weights: Floats
    offset: float

    def read(self, signs: Floats) -> Floats:
        """Return the probability for each row of signs, or for one."""
        logit: Floats = (signs - self.centre) / self.scale @ self.weights + self.offset
        return np.asarray(1 / (1 + np.exp(-logit)))


@dataclass(frozen=True)
class Judge:
    """When to speak: is a text ours, is the guess right, and how sure of that is sure enough.

    Attributes:
        threshold: Of what `right` says; above 1 nothing is ever answered.
    """

    inside: Gate
    right: Gate
    threshold: float


def signs(scores: Floats, row: Row) -> Floats:
    """Return what the gate sees of one text, as `SEES` names it.

    Args:
        scores: One per class, the last of which is out of scope.
    """
    inside, beyond = scores[:-1], float(scores[-1])
    first, second, third = np.sort(inside)[::-1][:3]
    odds = np.exp(SHARPNESS * (scores - scores.max()))
    odds /= odds.sum()
    return np.array(
        [
            first,
            first - second,
            second,
            third,
            beyond,
            first - beyond,
            -float(odds @ np.log(odds + 1e-12)),
            float(inside.mean()),
            float(inside.std()),
            row.known,
            np.log1p(row.pieces),
            float(odds[int(np.argmax(inside))]),
            first - max(second, beyond),
        ]
    )
