"""The intent of a text, and how sure: served from arrays, with numpy and nothing else."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.answers.encoder import Encoded, Encoder
from ml.answers.features import Features, Row
from ml.answers.gate import Judge, signs

Floats = NDArray[np.float64]

SHARE = 0.2  # of a log probability of the meaning beside a score of the words: chosen on folds


@dataclass(frozen=True)
class Guess:
    """What a text most likely asks, and two probabilities: that it is ours, that this is right.

    `needs` is what `right` must reach to keep the shop's risk budget; `answers` says whether it
    does.
    """

    intent: str
    second: str
    inside: float
    right: float
    needs: float

    @property
    def answers(self) -> bool:
        """Whether it is sure enough to be answered by itself."""
        return self.right >= self.needs


@dataclass(frozen=True)
class Sense:
    """What the meaning of a text adds to its words: a softmax regression on an encoder's numbers.

    Attributes:
        encoder: The one it has learnt, by name and version.
        weights: The encoder's width × (classes + 1).
        judge: When to speak, with words and meaning together.
    """

    encoder: str
    weights: NDArray[np.float32]
    offsets: Floats
    judge: Judge

    def scores(self, encoded: Encoded) -> Floats:
        """Return what to add to each score of the words, for one encoded text or for many."""
        return sensed(encoded, self.weights, self.offsets)


@dataclass(frozen=True)
class Classifier:
    """A linear model with a judge behind it; where an encoder is at hand, two of them.

    Attributes:
        classes: At least three that are in scope; the column after them is out of scope.
        weights: n-grams × (classes + 1).
        judge: When to speak, with the words alone.
    """

    features: Features
    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: Floats
    judge: Judge
    sense: Sense | None = None
    encoder: Encoder | None = None

    def sensing(self, encoder: Encoder | None) -> "Classifier":
        """Return one that weighs meaning too; the words alone where it has not learnt this one."""
        known = self.sense is not None and encoder is not None and self.sense.encoder
        return replace(self, encoder=encoder if encoder and known == encoder.name else None)

    def scores(self, row: Row) -> Floats:
        """Return one score of the words per class and, last, that of being out of scope."""
        found: Floats = row.weights @ self.weights[row.columns].astype(np.float64)
        return found + self.offsets

    def read(self, text: str) -> Guess:
        """Guess what a text asks."""
        row = self.features.row(text)
        scores, judge = self.scores(row), self.judge
        if self.sense and self.encoder:
            scores = scores + self.sense.scores(self.encoder.encode([text])[0])
            judge = self.sense.judge
        seen = signs(scores, row)
        first, second = np.argsort(-scores[:-1], kind="stable")[:2]
        return Guess(
            intent=self.classes[first],
            second=self.classes[second],
            inside=float(judge.inside.read(seen)),
            right=float(judge.right.read(seen)),
            needs=judge.threshold,
        )


def sensed(encoded: Encoded, weights: NDArray[np.float32], offsets: Floats) -> Floats:
    """Return a share of the log probability of each class, by a softmax regression."""
    logits = encoded.astype(np.float64) @ weights + offsets
    level: Floats = logits - logits.max(axis=-1, keepdims=True)
    level -= np.log(np.exp(level).sum(axis=-1, keepdims=True))
    return SHARE * level
