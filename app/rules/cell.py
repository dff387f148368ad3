"""What one cell of a decision table allows, read from the text a person wrote. Pure.

A cell of a number column lists spans: `5`, `< 5`, `>= 10`, `[1..5]`, `(1..5)`, joined by commas for
"or". A cell of a word column lists words, `gold, silver`, or all but some, `not gold, silver`. A
flag is `yes` or `no`. An empty cell, or `-`, allows anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from orders_core.errors import CoreError

WORD = re.compile(r"[\w.:/+-]+( [\w.:/+-]+)*")
COMPARED = re.compile(r"(<=|>=|<|>|=)\s*(.+)")
RANGED = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])")
ANYTHING = frozenset({"", "-"})
FLAGS = {"yes": True, "no": False, "true": True, "false": False}
LONGEST = 200


class Sort(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    WORD = "word"
    FLAG = "flag"


class BadCell(CoreError):
    """A cell that cannot be read; says what it holds and what could stand there."""

    def __init__(self, text: str, cure: str) -> None:
        self.text, self.cure = text, cure
        super().__init__(f"cannot read {text[:60]!r}: {cure}")


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`; None has no end; an end is in it unless it is open."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, number: Decimal) -> bool:
        """Say whether a number lies in the span."""
        if self.low is not None and (number < self.low or (self.low_open and number == self.low)):
            return False
        return self.high is None or not (
            number > self.high or (self.high_open and number == self.high)
        )


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers in one of some spans."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One of some words, or any other word where `are_excluded`."""

    words: frozenset[str]
    are_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    is_set: bool


Cell = Spans | Words | Flag | None  #: None allows anything


def read_cell(text: str, sort: Sort) -> Cell:
    """Read what a cell of a column of this sort allows.

    Raises:
        BadCell: With what could stand there instead.
    """
    written = text.strip()
    if len(written) > LONGEST:
        raise BadCell(written, f"write at most {LONGEST} characters")
    if written in ANYTHING:
        return None
    match sort:
        case Sort.NUMBER:
            return Spans(tuple(_span(part.strip()) for part in _split(written)))
        case Sort.FLAG:
            return _flag(written)
    return _words(written)


def _split(text: str) -> Sequence[str]:
    parts = text.split(",")
    if not all(part.strip() for part in parts):
        raise BadCell(text, "one comma stands between two values, none at the end")
    return parts


def _span(text: str) -> Span:
    if ranged := RANGED.fullmatch(text):
        opens, low, high, closes = ranged.groups()
        return _ordered(text, Span(_number(low), _number(high), opens == "(", closes == ")"))
    if compared := COMPARED.fullmatch(text):
        return _compared(compared[1], _number(compared[2]))
    number = _number(text)
    return Span(number, number)


def _compared(sign: str, number: Decimal) -> Span:
    match sign:
        case "<" | "<=":
            return Span(high=number, high_open=sign == "<")
        case ">" | ">=":
            return Span(low=number, low_open=sign == ">")
    return Span(number, number)


def _ordered(text: str, span: Span) -> Span:
    low, high = span.low, span.high
    is_empty = low == high and (span.low_open or span.high_open)
    if low is not None and high is not None and (low > high or is_empty):
        raise BadCell(text, "the first number of a range is the smaller one")
    return span


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadCell(text, "write a number such as 5, a comparison such as < 5, or [1..5]")
    return number


def _flag(text: str) -> Flag:
    if text.lower() not in FLAGS:
        raise BadCell(text, "write yes, no, or nothing for either")
    return Flag(FLAGS[text.lower()])


def _words(text: str) -> Words:
    are_excluded = text.startswith("not ")
    parts = [part.strip().strip('"') for part in _split(text.removeprefix("not "))]
    for part in parts:
        if not WORD.fullmatch(part):
            raise BadCell(part, "write words of letters, digits and . : / + - only")
    return Words(frozenset(parts), are_excluded)


def allows(cell: Cell, value: Decimal | str | bool) -> bool:  # noqa: FBT001 - a value of a column
    """Say whether a cell allows a value of its column."""
    match cell, value:
        case Spans(spans), Decimal():
            return any(span.holds(value) for span in spans)
        case Words(words, are_excluded), str():
            return (value in words) != are_excluded
        case Flag(is_set), bool():
            return value is is_set
    return cell is None
