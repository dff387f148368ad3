"""Ways to ask, written with alternatives in braces: many utterances out of one line.

`corpus/<language>/phrases.txt`: `[intent]`, then lines such as `{where is|where's} my {order|box}`.
A few utterances of each line are drawn, some with a greeting or thanks around them. They are so
much alike that who knows one knows the others: a model is taught them, and never judged by them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ml.answers.corpus import HERE, Labelled
from ml.answers.intents import Intent

DRAWN = 20  # utterances of a line, at most
TRIES = 20
ADORNED = 0.3  # the share with a word before or after
SEED = 1
SECTION = re.compile(r"\[(\w+)\]")
CHOICE = re.compile(r"(\{[^}]*\})")
BEFORE: Mapping[str, Sequence[str]] = {
    "en": ("hi, ", "hello, ", "please help, ", "hey ", "good morning, ", "sorry, "),
    "zh": ("你好，", "亲，", "请问", "您好，", "客服，", "在吗，"),
}
AFTER: Mapping[str, Sequence[str]] = {
    "en": (", thanks", " please", ", thank you", " pls", "?", "!", " asap"),
    "zh": ("，谢谢", "，急", "呢", "啊", "，麻烦了", "？"),
}
#: What a greeting or thanks would turn into something else, or out of it.
PLAIN = frozenset({Intent.THANKS, Intent.HUMAN})


def phrases(language: str, *, folder: Path = HERE, seed: int = SEED) -> Sequence[Labelled]:
    """Return utterances of every line, the same for the same seed; an absent file holds none."""
    path = folder / language / "phrases.txt"
    if not path.exists():
        return ()
    rng = np.random.default_rng(seed)
    said: list[Labelled] = []
    intent = Intent.OTHER
    for line in filter(None, map(str.strip, path.read_text("utf-8").splitlines())):
        if section := SECTION.fullmatch(line):
            intent = Intent(section[1])
            continue
        adorn = intent not in PLAIN
        said += [
            Labelled(_adorned(text, language, rng) if adorn else text, intent)
            for text in _drawn(line, rng)
        ]
    return said


def _drawn(line: str, rng: np.random.Generator) -> Iterator[str]:
    """Draw utterances of a line, none twice."""
    ways = [
        part[1:-1].split("|") if part.startswith("{") else [part] for part in CHOICE.split(line)
    ]
    seen: dict[str, None] = {}
    for _ in range(DRAWN * TRIES):
        if len(seen) == DRAWN:
            break
        seen["".join(_one(way, rng) for way in ways).strip()] = None
    yield from seen


def _adorned(text: str, language: str, rng: np.random.Generator) -> str:
    if rng.random() >= ADORNED:
        return text
    if rng.random() < 0.5:  # noqa: PLR2004 - as often before as after
        return text + _one(AFTER[language], rng)
    return _one(BEFORE[language], rng) + text


def _one(ways: Sequence[str], rng: np.random.Generator) -> str:
    return ways[int(rng.integers(len(ways)))]
