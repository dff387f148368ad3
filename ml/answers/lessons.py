"""What is learnt and what is graded on: our corpus and a shop's own labels, by script.

The corpus' Chinese part has pinyin in it, so utterances go to the model that will read their
letters, whatever language they were filed under.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ml.answers import corpus
from ml.answers.corpus import Labelled, plain
from ml.answers.encoder import full_name
from ml.answers.phrases import phrases
from ml.answers.plan import Plan

RECIPE = 3  # how texts become a model; another number where the same words make another one
HELD_OUT_EVERY = 5  # one in five of a shop's own labels is not learnt, but graded on
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def script_of(text: str) -> str:
    """Return whose model reads a text: Chinese where it has a Chinese character, else English.

    Pinyin is read by the model of Latin letters, which has learnt it from the Chinese corpus.
    """
    return "zh" if HAN.search(text) else "en"


def recipe(own: Sequence[Labelled], *, plan: Plan, folder: Path = corpus.HERE) -> str:
    """Return what decides which bytes are made, as a digest: the words, the plan, the method.

    Raises:
        NotInstalled: If the plan's encoder is not.
    """
    words = digest_of(lessons(own, folder=folder), taught(folder=folder))
    told = f"{RECIPE} {plan} {words} {full_name(plan.encoder)}"
    return hashlib.sha256(told.encode()).hexdigest()


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


def taught(*, folder: Path = corpus.HERE) -> Mapping[str, Sequence[Labelled]]:
    """Return what is learnt and never judged, by script: phrases, but for what is graded on."""
    by_script: dict[str, list[Labelled]] = {language: [] for language in corpus.LANGUAGES}
    asked = {plain(one.text) for said in exam((), folder=folder).values() for one in said}
    for language in corpus.LANGUAGES:
        for one in phrases(language, folder=folder):
            if plain(one.text) not in asked:
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
    return hashlib.sha256(plain(text).encode()).digest()[0] % HELD_OUT_EVERY == 0


def digest_of(*learnt: Mapping[str, Sequence[Labelled]]) -> str:
    """Return the SHA-256 of everything that is learnt, in its order."""
    told = hashlib.sha256()
    for by_script in learnt:
        for script, said in by_script.items():
            for one in said:
                told.update(f"{script}\t{one.intent}\t{one.text}\n".encode())
    return told.hexdigest()
