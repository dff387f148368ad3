"""A text made plain character by character, so that every piece is found where it was written."""

import re
import unicodedata
from dataclasses import dataclass

DASHES = re.compile("[\u2010-\u2015\u2212]")
APOSTROPHES = "\u2018\u2019"


@dataclass(frozen=True)
class Plain:
    """Half width, lower case, without marks that nobody sees.

    `starts` holds, for each character and for the end, its index in the text as it was written.
    """

    text: str
    starts: tuple[int, ...]


def plain(written: str) -> Plain:
    """Make a text plain; its length may change, its order does not."""
    marks: list[str] = []
    starts: list[int] = []
    for at, mark in enumerate(written):
        half = _half(mark)
        marks.append(half)
        starts.extend([at] * len(half))
    return Plain("".join(marks), (*starts, len(written)))


def _half(mark: str) -> str:
    if mark.isascii():
        return " " if mark.isspace() else mark.lower()
    if unicodedata.category(mark) == "Cf":  # zero width: pasted along, and seen by nobody
        return ""
    if mark.isspace():
        return " "
    if mark in APOSTROPHES:
        return "'"
    if mark == "\u3001":  # a Chinese comma stays what it is
        return mark
    return DASHES.sub("-", unicodedata.normalize("NFKC", mark)).lower()
