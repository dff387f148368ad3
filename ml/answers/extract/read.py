"""Everything a text names, in Chinese and English: one pattern after the other, no guesses.

Each pattern is of bounded length, so the time grows with the text and no faster. What one pattern
took is blanked out for the next: two pieces never overlap.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ml.answers.extract.amounts import MONEY, QUANTITIES
from ml.answers.extract.days import IN_DIGITS
from ml.answers.extract.days_en import DAYS_EN
from ml.answers.extract.days_zh import DAYS_ZH
from ml.answers.extract.found import Around, Finder, Found
from ml.answers.extract.names import ALONE, NAMES, NEITHER
from ml.answers.extract.plain import Plain, plain

MOST_CHARACTERS = 4000
TAKEN = "\0"
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

IN_ORDER: Sequence[Finder] = (
    *MONEY,
    *DAYS_ZH,
    *DAYS_EN,
    *NAMES,
    *IN_DIGITS,
    *QUANTITIES,
    *ALONE,
)


def extract(written: str, *, now: datetime, zone: str) -> tuple[Found, ...]:
    """Return what a text names, in the order it names it; the first 4,000 characters are read.

    Args:
        now: When it was written, aware.
        zone: The IANA zone of the clock that "yesterday" is counted by.
    """
    return found_on(written, now.astimezone(ZoneInfo(zone)).date())


def found_on(written: str, today: date) -> tuple[Found, ...]:
    """Return what a text names, read on a day of the writer's calendar."""
    made = plain(written[:MOST_CHARACTERS])
    around = Around(today, is_zh=HAN.search(made.text) is not None)
    rest, found = _without(made.text), list[Found]()
    for finder in IN_ORDER:
        pieces = list(_pieces(finder, rest, made, written, around))
        for start, end, piece in pieces:
            rest = rest[:start] + TAKEN * (end - start) + rest[end:]
            found.append(piece)
    return tuple(sorted(found, key=lambda one: one.start))


def _without(text: str) -> str:
    for pattern in NEITHER:
        text = pattern.sub(lambda match: TAKEN * len(match.group()), text)
    return text


def _pieces(
    finder: Finder, rest: str, made: Plain, written: str, around: Around
) -> Iterator[tuple[int, int, Found]]:
    part = "it" if "it" in finder.pattern.groupindex else 0
    for match in finder.pattern.finditer(rest):
        value = finder.read(match, around)
        if value is None:
            continue
        start, end = match.span(part)
        first, last = made.starts[start], made.starts[end - 1] + 1
        yield start, end, Found(finder.kind, first, last, written[first:last], value)
