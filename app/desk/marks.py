"""What was found in somebody's words, marked in its place and said to an agent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.words import show
from app.words.say import knows, say
from ml.answers.extract.found import Amount, Days, Found, Named, Quantity
from ml.answers.extract.read import extract


@dataclass(frozen=True)
class Piece:
    """A stretch of what was written; where something was found, what it is and what it means."""

    words: str
    name: str = ""
    means: str = ""


def pieces(written: str, *, locale: str, at: datetime, zone: str) -> tuple[Piece, ...]:
    """Cut a text into what was found in it and what stands between, nothing left out.

    Args:
        locale: Of the agent who reads it.
        at: When it was written; "yesterday" is counted from there.
        zone: Of the person who wrote it.
    """
    made: list[Piece] = []
    end = 0
    for found in extract(written, now=at, zone=zone):
        if found.start > end:
            made.append(Piece(written[end : found.start]))
        name = say(locale, f"desk.found.{found.kind}")
        made.append(Piece(found.words, name, meaning(found, locale=locale, at=at)))
        end = found.end
    if end < len(written):
        made.append(Piece(written[end:]))
    return tuple(made)


def named(cut: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return what was found, each meaning once."""
    return tuple({(one.name, one.means): one for one in cut if one.name}.values())


def meaning(found: Found, *, locale: str, at: datetime) -> str:
    """Say what was found means: the day of 上周五, the amount of 两百块."""
    match found.value:
        case Days():
            return days(found.value, locale=locale, at=at)
        case Amount(minor, currency):
            return show.money(locale, minor, currency)
        case Quantity(count, unit):
            return f"{count} {unit}".strip()
        case Named(number, of):
            key = f"desk.found.of.{of}"
            return f"{number} ({say(locale, key) if knows(key) else of})" if of else number


def days(meant: Days, *, locale: str, at: datetime) -> str:
    """Write one day, several, or the two that may be meant."""
    first = show.calendar_day(locale, meant.first, seen=at)
    if meant.other is not None:
        other = show.calendar_day(locale, meant.other, seen=at)
        first = say(locale, "desk.found.either", first=first, other=other)
    elif meant.last != meant.first:
        first = f"{first} – {show.calendar_day(locale, meant.last, seen=at)}"
    return say(locale, "desk.found.by", day=first) if meant.is_deadline else first
