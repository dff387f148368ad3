"""What a text is made of: n-grams of words and characters, weighted by TF-IDF. Numpy alone.

One way to cut and weigh texts, for training and for serving, so that both see the same numbers.
Weights are those of Salton and Buckley (1988) as scikit-learn writes them: (1 + ln count) ×
(ln((1 + texts) / (1 + texts with it)) + 1), each view scaled to length 1.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cut = Callable[[str, int, int], Iterator[str]]

WORD = re.compile(r"\w+")
#: A word with four digits or more names one thing, an order or a phone: which one is no matter.
REFERENCE = re.compile(r"[a-z0-9_-]*(?:\d[a-z_-]*){3}\d[a-z0-9_-]*")
NUMBER = "0"


@dataclass(frozen=True)
class View:
    """One way to cut a text: `shortest` to `longest` pieces in a row; rarer ones are left out."""

    kind: str
    shortest: int
    longest: int
    fewest_texts: int


#: How each language is cut. Chinese needs no words: runs of characters say as much.
VIEWS: Mapping[str, Sequence[View]] = {
    "zh": (View("char", 1, 2, 1),),
    "en": (View("word", 1, 2, 1), View("char_wb", 2, 5, 2)),
}


@dataclass(frozen=True)
class Row:
    """A text in numbers: its n-grams, how much each weighs, and what share of them is known."""

    columns: NDArray[np.intp]
    weights: Floats
    known: float
    pieces: int  #: n-grams of the first view, known or not


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams of one view, in order, and how rare each is (ln scale, at least 1)."""

    view: View
    terms: tuple[str, ...]
    rarity: Floats


class Features:
    """Vocabularies side by side; a text becomes one sparse row over all of them."""

    def __init__(self, vocabularies: Sequence[Vocabulary], *, language: str) -> None:
        self.language = language
        self.vocabularies = tuple(vocabularies)
        self._columns = [{term: at for at, term in enumerate(v.terms)} for v in vocabularies]
        self._starts = np.cumsum([0, *(len(v.terms) for v in vocabularies)])

    @property
    def width(self) -> int:
        """How many n-grams there are in all."""
        return int(self._starts[-1])

    def row(self, text: str) -> Row:
        """Weigh a text; it may be empty, or hold nothing that is known."""
        return self.weigh(pieces(text, self.language))

    def weigh(self, counts: Sequence[Counter[str]]) -> Row:
        """Weigh a text that `pieces` has cut."""
        columns: list[NDArray[np.intp]] = []
        weights: list[Floats] = []
        for vocabulary, at, start, counted in zip(
            self.vocabularies, self._columns, self._starts, counts, strict=False
        ):
            found = sorted((at[term], n) for term, n in counted.items() if term in at)
            where = np.array([column for column, _ in found], dtype=np.intp)
            times = np.array([n for _, n in found], dtype=np.float64)
            columns.append(where + start)
            weights.append(_unit((1 + np.log(times)) * vocabulary.rarity[where]))
        seen, there = sum(map(len, columns)), sum(map(len, counts))
        return Row(
            np.concatenate(columns),
            np.concatenate(weights),
            known=seen / there if there else 0.0,
            pieces=counts[0].total(),
        )


def fit(counted: Sequence[Sequence[Counter[str]]], *, language: str) -> Features:
    """Learn the n-grams of texts that `pieces` has cut."""
    vocabularies = []
    for number, view in enumerate(VIEWS[language]):
        texts_with = Counter(term for counts in counted for term in counts[number])
        terms = tuple(sorted(t for t, n in texts_with.items() if n >= view.fewest_texts))
        n = np.array([texts_with[term] for term in terms], dtype=np.float64)
        vocabularies.append(Vocabulary(view, terms, np.log((1 + len(counted)) / (1 + n)) + 1))
    return Features(vocabularies, language=language)


def pieces(text: str, language: str) -> Sequence[Counter[str]]:
    """Cut a text by each view of a language, and count."""
    plain = normal(text, language)
    return [
        Counter(CUTS[view.kind](plain, view.shortest, view.longest)) for view in VIEWS[language]
    ]


def normal(text: str, language: str) -> str:
    """Return a text as it is matched: one width, one case, simplified, numbers without a name."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    if language == "zh":
        plain = str(_simplified().convert(plain))
    return re.sub(r"\s+", " ", REFERENCE.sub(NUMBER, plain)).strip()


@cache
def _simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _unit(weights: Floats) -> Floats:
    length = np.sqrt(weights @ weights)
    return weights / length if length else weights


def _words(plain: str, shortest: int, longest: int) -> Iterator[str]:
    words = WORD.findall(plain)
    for length in range(shortest, longest + 1):
        for at in range(len(words) - length + 1):
            yield " ".join(words[at : at + length])


def _characters(plain: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for at in range(len(plain) - length + 1):
            yield plain[at : at + length]


def _characters_in_words(plain: str, shortest: int, longest: int) -> Iterator[str]:
    """Cut each word with a blank at both ends; one shorter than the piece is a piece itself."""
    for word in plain.split():
        padded = f" {word} "
        for length in range(shortest, longest + 1):
            if length >= len(padded):
                yield padded
                break
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]


CUTS: Mapping[str, Cut] = {
    "word": _words,
    "char": _characters,
    "char_wb": _characters_in_words,
}
