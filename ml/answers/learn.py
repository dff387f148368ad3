"""Learning from our own corpus and a shop's own labels: one classifier for each script.

The corpus' Chinese part has pinyin in it, so utterances go to the model that will read their
letters, whatever language they were filed under.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.answers import corpus
from ml.answers.classify import Classifier
from ml.answers.corpus import Labelled
from ml.answers.features import script_of
from ml.answers.intents import Intent
from ml.answers.train import Plan, train

HELD_OUT_EVERY = 5  # one in five of a shop's own labels is not learnt, but graded on
FEWEST_INTENTS = 3


class TooLittle(ValueError):
    """There is no language with enough to learn from."""


@dataclass(frozen=True)
class Learnt:
    """Classifiers by script, and the SHA-256 of all they were made from."""

    classifiers: Mapping[str, Classifier]
    data_sha256: str


def learn(own: Sequence[Labelled], *, plan: Plan, folder: Path = corpus.HERE) -> Learnt:
    """Train on the corpus and on those of a shop's labels that are not held out.

    Raises:
        TooLittle: If no language has out-of-scope talk and `FEWEST_INTENTS` intents.
    """
    by_script = lessons(own, folder=folder)
    classifiers = {}
    for script, said in by_script.items():
        asked = {one.intent for one in said}
        if len(asked - {Intent.OTHER}) < FEWEST_INTENTS or Intent.OTHER not in asked:
            continue
        texts, labels = [one.text for one in said], [one.intent.value for one in said]
        trained = train(texts, labels, beyond=Intent.OTHER, language=script, plan=plan)
        classifiers[script] = trained.classifier
    if not classifiers:
        raise TooLittle("the corpus holds too little to learn from")
    return Learnt(classifiers, digest_of(by_script))


def lessons(
    own: Sequence[Labelled], *, folder: Path = corpus.HERE
) -> Mapping[str, Sequence[Labelled]]:
    """Return all there is to learn, by script: the corpus, talk beyond it, a shop's own labels."""
    by_script: dict[str, list[Labelled]] = {language: [] for language in corpus.LANGUAGES}
    for language in corpus.LANGUAGES:
        for one in (
            *corpus.read(language, "train", folder=folder),
            *corpus.beyond(language, folder=folder),
        ):
            by_script[script_of(one.text)].append(one)
    for one in own:
        if not is_held_out(one.text):
            by_script[script_of(one.text)].append(one)
    return by_script


def exam(own: Sequence[Labelled], *, folder: Path = corpus.HERE) -> Mapping[str, list[Labelled]]:
    """Return what is graded on, by script: the corpus' test part, and labels held out."""
    by_script: dict[str, list[Labelled]] = {language: [] for language in corpus.LANGUAGES}
    tested = [corpus.read(language, "test", folder=folder) for language in corpus.LANGUAGES]
    for one in (*tested[0], *tested[1], *(one for one in own if is_held_out(one.text))):
        by_script[script_of(one.text)].append(one)
    return by_script


def is_held_out(text: str) -> bool:
    """Say whether a shop's label is graded on: decided by its words, so the same every time."""
    plain = "".join(text.casefold().split())
    return hashlib.sha256(plain.encode()).digest()[0] % HELD_OUT_EVERY == 0


def digest_of(by_script: Mapping[str, Sequence[Labelled]]) -> str:
    """Return the SHA-256 of everything that is learnt, in its order."""
    told = hashlib.sha256()
    for script, said in by_script.items():
        for one in said:
            told.update(f"{script}\t{one.intent}\t{one.text}\n".encode())
    return told.hexdigest()
