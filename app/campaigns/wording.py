"""What a campaign says in one language, as long as a phone shows it, and what to look at again.

A phone's lock screen gives a Chinese character the room of two Latin letters. Lengths here are in
such characters: two letters count one, a mark above a letter nothing, a joined emoji one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TITLE = 30
FOLD = 70
MOST_TITLE_CHARACTERS = 120
MOST_BODY_CHARACTERS = 1000
JOINER = "\u200d"
LOOKS = frozenset("\ufe0e\ufe0f") | {chr(tone) for tone in range(0x1F3FB, 0x1F400)}
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
HOLE = re.compile(r"\{[^{}]*\}|\[[A-Za-z_ ]+\]|%[sd]")


@dataclass(frozen=True, slots=True)
class Words:
    """A title of one line, and a text that may have paragraphs."""

    title: str
    body: str

    @property
    def are_there(self) -> bool:
        """Whether both were written."""
        return bool(self.title.strip() and self.body.strip())


class Flaw(StrEnum):
    """What is wrong with some words; the first two keep a campaign from being scheduled."""

    MISSING = "missing"  #: no title or no text
    TITLE_TOO_LONG = "title_too_long"  #: no lock screen shows it whole
    FOLDED = "folded"  #: the rest of the text shows once the message is opened
    HOLE = "hole"  #: braces are shown as they are: nothing is filled in
    OTHER_LANGUAGE = "other_language"  #: it does not look like the language it stands under


GRAVE = frozenset({Flaw.MISSING, Flaw.TITLE_TOO_LONG})


def length(text: str) -> int:
    """Return how many characters' room a phone gives a text; the last half counts whole."""
    return (_columns(text) + 1) // 2


def fold(text: str, *, at: int = FOLD) -> tuple[str, str]:
    """Cut a text where a lock screen does; return what shows and what is folded away."""
    line = " ".join(text.split())
    used = 0
    for position, room in _marks(line):
        used += room
        if used > at * 2:
            return line[:position].rstrip(), line[position:]
    return line, ""


def flaws(words: Words, locale: str) -> Sequence[Flaw]:
    """Name what is wrong with the words of one language, the gravest first."""
    if not words.are_there:
        return [Flaw.MISSING]
    said = f"{words.title}\n{words.body}"
    found = {
        Flaw.TITLE_TOO_LONG: length(words.title) > LONGEST_TITLE,
        Flaw.FOLDED: bool(fold(words.body)[1]),
        Flaw.HOLE: HOLE.search(said) is not None,
        Flaw.OTHER_LANGUAGE: any(mark.isalpha() for mark in said)
        and bool(HAN.search(said)) is not (locale == "zh"),
    }
    return [flaw for flaw, is_there in found.items() if is_there]


def grave(words: Mapping[str, Words], locales: Sequence[str]) -> list[str]:
    """Name what must be mended before anybody is written to, as `<locale>_<flaw>`."""
    return [
        f"{locale}_{flaw}"
        for locale in locales
        for flaw in flaws(words.get(locale, Words("", "")), locale)
        if flaw in GRAVE
    ]


def _columns(text: str) -> int:
    return sum(room for _, room in _marks(text))


def _marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the place of each character and the half characters of room it takes."""
    is_joined = False
    for position, mark in enumerate(text):
        room = 0 if is_joined else _room(mark)
        is_joined = mark == JOINER
        yield position, room


def _room(mark: str) -> int:
    if mark == JOINER or mark in LOOKS or unicodedata.category(mark) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(mark) in {"W", "F"} else 1
