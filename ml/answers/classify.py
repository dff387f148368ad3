"""The intent of a text, and how sure: served from arrays, with numpy and nothing else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.answers.features import Features, Row
from ml.answers.gate import Gate, signs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Guess:
    """What a text most likely asks, and two probabilities: that it is ours, that this is right.

    `answers` says whether `right` passes the threshold that keeps the shop's risk budget.
    """

    intent: str
    second: str
    inside: float
    right: float
    answers: bool


@dataclass(frozen=True)
class Classifier:
    """A linear model with a gate behind it.

    Attributes:
        classes: At least three that are in scope; the column after them is out of scope.
        weights: n-grams × (classes + 1).
        threshold: Of `Guess.right`; above 1 it never answers.
    """

    features: Features
    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: Floats
    inside: Gate
    right: Gate
    threshold: float

    def scores(self, row: Row) -> Floats:
        """Return one score per class and, last, that of being out of scope."""
        found: Floats = row.weights @ self.weights[row.columns].astype(np.float64)
        return found + self.offsets

    def read(self, text: str) -> Guess:
        """Guess what a text asks."""
        row = self.features.row(text)
        scores = self.scores(row)
        seen = signs(scores, row)
        first, second = np.argsort(-scores[:-1], kind="stable")[:2]
        right = float(self.right.read(seen))
        return Guess(
            intent=self.classes[first],
            second=self.classes[second],
            inside=float(self.inside.read(seen)),
            right=right,
            answers=right >= self.threshold,
        )
