"""The columns of a decision table. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.rules.cell import Sort, Span
from orders_core.errors import CoreError

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class BadColumn(CoreError):
    """A column that makes no sense; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One input or output: its name, what it holds, and what it may hold.

    `least` and `most` bound a number; `words`, where declared, are all there can be.
    """

    name: str
    sort: Sort
    words: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    is_whole: bool = True

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BadColumn(f"{self.name[:60]!r} is no column name: write a_z_0_9, at most 40")
        if self.words and self.sort is not Sort.WORD:
            raise BadColumn(f"{self.name}: only a word column lists words")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise BadColumn(f"{self.name}: {self.least} is more than {self.most}")

    def holds(self, number: Decimal) -> bool:
        """Say whether a number is one the column may hold."""
        return Span(self.least, self.most).holds(number) and (
            not self.is_whole or number == number.to_integral_value()
        )

    def refuses(self, value: object) -> str:
        """Say why a value is nothing the column can hold; nothing if it can."""
        match self.sort, value:
            case Sort.NUMBER, Decimal() as number:
                return "" if self.holds(number) else f"{number} is nothing it can be"
            case Sort.WORD, str() as word:
                known = not self.words or word in self.words
                return "" if known else f"{word[:60]!r} is not among {', '.join(self.words)}"
            case Sort.FLAG, bool():
                return ""
        return f"give one {self.sort}"
