"""Which orders a text names: our numbers, our ids, another shop's number, a parcel's number.

What surely names an order must be found among the person's own, or nothing is answered. What might
name one (a word with digits in it) counts only if it does. A phone number, its tail, a price, a
quantity, a day in words or a time of day names none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ml.answers.extract.found import Found, Kind, Named
from ml.answers.extract.read import found_on

MOST_TOKENS = 20
TOKEN = re.compile(r"(?<![a-z0-9_])[a-z0-9][a-z0-9_-]{2,63}(?![a-z0-9_])")
TAKEN = "\0"
#: Which numbers are days does not hang on the day it is.
ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Mentioned:
    """What a text names, in its order: surely an order, or perhaps.

    `written` is how the sure ones stand in the text.
    """

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


def mentioned(plain: str) -> Mentioned:
    """Find what names an order in a text that `reading.normal` made plain."""
    found = found_on(plain, ANY_DAY)
    naming = [one for one in found if one.kind in (Kind.ORDER, Kind.TRACKING)]
    joined = [_number(one) for one in naming]
    sure = [_as_written(one) for one in naming]
    perhaps = [*(one for one in joined if one not in sure), *_tokens(plain, found)]
    return Mentioned(_few(sure), _few(perhaps), _few([one.words for one in naming]))


def _number(one: Found) -> str:
    return one.value.number if isinstance(one.value, Named) else one.words


def _as_written(one: Found) -> str:
    """Return the name as its shop wrote it, dashes and all; blanks are the writer's own."""
    return one.words if TOKEN.fullmatch(one.words) else _number(one)


def _tokens(plain: str, found: Sequence[Found]) -> Iterator[str]:
    """Return the words with a digit that are nothing else; a day in digits may be an order too."""
    rest = plain
    for one in found:
        if one.kind is not Kind.DAY or not TOKEN.fullmatch(one.words):
            rest = rest[: one.start] + TAKEN * (one.end - one.start) + rest[one.end :]
    for match in TOKEN.finditer(rest):
        if any(mark.isdigit() for mark in match.group()):
            yield match.group()


def _few(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MOST_TOKENS]
