"""Our own utterances, one a line, by language, part and intent: what the model learns from.

`corpus/<language>/<part>/<intent>.txt`. Train and test were written apart; an utterance that stands
in both is refused, for it would let a model be graded on what it has seen. `<language>/beyond.txt`
is talk that no shop is asked about: only for training, all of it out of scope. What stands in
`<language>/phrases.txt` is read by `phrases`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.answers.intents import Intent

HERE = Path(__file__).parent / "corpus"
LANGUAGES = ("zh", "en")
PARTS = ("train", "test")


@dataclass(frozen=True)
class Labelled:
    """One utterance and what it asks."""

    text: str
    intent: Intent


class SeenBefore(ValueError):
    """An utterance stands in the train part and in the test part."""


def read(language: str, part: str, *, folder: Path = HERE) -> Sequence[Labelled]:
    """Return the utterances of a part in the order of the intents; an absent file holds none."""
    return tuple(
        Labelled(text, intent)
        for intent in Intent
        for text in _lines(folder / language / part / f"{intent}.txt")
    )


def beyond(language: str, *, folder: Path = HERE) -> Sequence[Labelled]:
    """Return talk that is out of scope, for training alone; an absent file holds none."""
    return tuple(Labelled(text, Intent.OTHER) for text in _lines(folder / language / "beyond.txt"))


def apart(language: str, *, folder: Path = HERE) -> None:
    """See that nothing stands in both parts, blanks and case aside.

    Raises:
        SeenBefore: With how many do, by intent; what is graded on is not printed.
    """
    learnt = (*read(language, "train", folder=folder), *beyond(language, folder=folder))
    seen = {plain(one.text) for one in learnt}
    asked = read(language, "test", folder=folder)
    if twice := Counter(str(one.intent) for one in asked if plain(one.text) in seen):
        counted = ", ".join(f"{intent} {count}" for intent, count in sorted(twice.items()))
        raise SeenBefore(f"{language}: {counted}")


def _lines(path: Path) -> Sequence[str]:
    if not path.exists():
        return ()
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def plain(text: str) -> str:
    """Return a text without case and blanks: what two utterances are compared by."""
    return "".join(text.casefold().split())
