"""Learning from our own corpus and a shop's own labels: one classifier for each script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ml.answers import corpus
from ml.answers.classify import Classifier
from ml.answers.corpus import Labelled
from ml.answers.encoder import open_encoder
from ml.answers.intents import Intent
from ml.answers.lessons import digest_of, lessons, taught
from ml.answers.plan import Plan
from ml.answers.train import STEPS, Texts, train

FEWEST_INTENTS = 3
Tell = Callable[[int, int], object]  #: how many steps are done, of how many


def to_nobody(_done: int, _of: int) -> None:
    """Keep the progress for oneself."""


class TooLittle(ValueError):
    """There is no language with enough to learn from."""


@dataclass(frozen=True)
class Learnt:
    """Classifiers by script, and the SHA-256 of all they were made from."""

    classifiers: Mapping[str, Classifier]
    data_sha256: str


def learn(
    own: Sequence[Labelled],
    *,
    plan: Plan,
    folder: Path = corpus.HERE,
    tell: Tell = to_nobody,
) -> Learnt:
    """Train on the corpus and on those of a shop's labels that are not held out.

    Raises:
        TooLittle: If no language has out-of-scope talk and `FEWEST_INTENTS` intents.
        NotInstalled: If the plan's encoder is not.
    """
    by_script = lessons(own, folder=folder)
    enough = {script: said for script, said in by_script.items() if _is_enough(said)}
    if not enough:
        raise TooLittle("the corpus holds too little to learn from")
    also = taught(folder=folder)
    steps = count(1)
    classifiers = {}
    for script, said in enough.items():
        trained = train(
            _texts(said, also[script]),
            language=script,
            plan=plan,
            encoder=open_encoder(plan.encoder),
            step=lambda: tell(next(steps), STEPS * len(enough)),
        )
        classifiers[script] = trained.classifier
    return Learnt(classifiers, digest_of(by_script, also))


def _texts(said: Sequence[Labelled], also: Sequence[Labelled]) -> Texts:
    every = [*said, *also]
    return Texts(
        [one.text for one in every],
        [one.intent.value for one in every],
        beyond=Intent.OTHER.value,
        taught=len(also),
    )


def _is_enough(said: Sequence[Labelled]) -> bool:
    asked = {one.intent for one in said}
    return Intent.OTHER in asked and len(asked - {Intent.OTHER}) >= FEWEST_INTENTS
