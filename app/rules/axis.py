"""One column of a table as the few values that its cells tell apart. Pure.

The numbers that cells mention cut the line into points and stretches between them; words are the
declared ones, or those mentioned and one that stands for any other. Whatever lies in one atom is
treated alike by every row, so sets of atoms (bits of an integer) say all there is to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from app.rules.cell import Cell, Span, Spans, Words, allows
from app.rules.column import Column

Value = Decimal | str | bool
OTHER = "…"  #: stands for any word that no cell mentions
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Axis:
    """The atoms of a column, each with a value that stands for it, in order."""

    column: Column
    atoms: tuple[Value, ...]
    spans: tuple[Span, ...] = ()

    @property
    def whole(self) -> int:
        """The set of all atoms."""
        return (1 << len(self.atoms)) - 1

    def mask(self, cell: Cell) -> int:
        """Return the atoms that a cell allows."""
        return sum(1 << at for at, value in enumerate(self.atoms) if allows(cell, value))

    def example(self, mask: int) -> Value:
        """Return a value out of a set of atoms that is not empty."""
        return self.atoms[(mask & -mask).bit_length() - 1]

    def show(self, mask: int) -> str:
        """Write a set of atoms as a cell would be written; everything is `-`."""
        if mask == self.whole:
            return "-"
        chosen = [at for at in range(len(self.atoms)) if mask >> at & 1]
        if self.spans:
            return ", ".join(_show_run(self.spans, run) for run in _runs(chosen))
        words = [_show_value(self.atoms[at]) for at in chosen]
        if OTHER in words:
            left_out = [_show_value(v) for at, v in enumerate(self.atoms) if not mask >> at & 1]
            return f"not {', '.join(left_out)}"
        return ", ".join(words)


def axis_of(column: Column, cells: Iterable[Cell]) -> Axis:
    """Cut a column into the atoms that its cells tell apart."""
    mentioned = list(cells)
    match column.sort:
        case "number":
            spans = _stretches(column, mentioned)
            return Axis(column, tuple(_inside(span, column) for span in spans), tuple(spans))
        case "flag":
            return Axis(column, (True, False))
    words = {word for cell in mentioned if isinstance(cell, Words) for word in cell.words}
    if column.words:
        return Axis(column, tuple(column.words))
    return Axis(column, (*sorted(words), OTHER))


def _stretches(column: Column, cells: Sequence[Cell]) -> list[Span]:
    ends = {
        end
        for cell in cells
        if isinstance(cell, Spans)
        for span in cell.spans
        for end in (span.low, span.high)
        if end is not None
    }
    bounds = {end for end in (column.least, column.most) if end is not None}
    marks = sorted(ends | bounds)
    if not marks:
        return [Span()]
    found = [Span(high=marks[0], high_open=True)]
    for low, high in zip(marks, [*marks[1:], None], strict=True):
        found += [Span(low, low), Span(low, high, low_open=True, high_open=high is not None)]
    return [span for span in found if _is_possible(span, column)]


def _is_possible(span: Span, column: Column) -> bool:
    """Say whether a value of the column can lie in a stretch: whole numbers leave some empty."""
    inside = _inside(span, column)
    return span.holds(inside) and column.holds(inside)


def _inside(span: Span, column: Column) -> Decimal:
    """Return a number of a stretch; for whole numbers the one next to its lower end."""
    step = Decimal(1)
    match span.low, span.high:
        case None, None:
            return Decimal(0)
        case None, Decimal() as high:
            return high - step
        case Decimal() as low, None:
            return low + step
        case Decimal() as low, Decimal() as high if low != high:
            return low + step if column.is_whole else (low + high) * HALF
    return span.low if span.low is not None else Decimal(0)


def _runs(chosen: Sequence[int]) -> list[list[int]]:
    """Group atoms that stand side by side."""
    grouped = groupby(enumerate(chosen), key=lambda pair: pair[1] - pair[0])
    return [[at for _, at in group] for _, group in grouped]


def _show_run(spans: Sequence[Span], run: Sequence[int]) -> str:
    first, last = spans[run[0]], spans[run[-1]]
    if first.low is None and last.high is None:
        return "-"
    if first.low is None:
        return f"{'<' if last.high_open else '<='} {_plain(last.high)}"
    if last.high is None:
        return f"{'>' if first.low_open else '>='} {_plain(first.low)}"
    if first.low == last.high:
        return _plain(first.low)
    opens, closes = "(" if first.low_open else "[", ")" if last.high_open else "]"
    return f"{opens}{_plain(first.low)}..{_plain(last.high)}{closes}"


def _plain(number: Decimal | None) -> str:
    return f"{number.normalize():f}" if number is not None else ""


def _show_value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _plain(value) if isinstance(value, Decimal) else value
