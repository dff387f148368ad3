"""The words an item is found by: words of letters, lower-cased, and Chinese in pairs. Pure.

Chinese is written without blanks, so every two neighbouring characters count as a word, and every
single one, so that one character finds something too.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LONGEST = 60
MOST = 400


def terms_of(text: str) -> Sequence[str]:
    """Return the terms of a text, once each, sorted, at most 400 of them."""
    return sorted(set(_terms(text)))[:MOST]


def _terms(text: str) -> Iterator[str]:
    for run in RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if HAN.match(run):
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run[:LONGEST]
