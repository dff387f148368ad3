"""A table while it is edited: rows of text that may be anything, and what a hand does. Pure.

The columns stand still; they change by CSV, where a spreadsheet is the better tool.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.rules.sheet import read_sheet, write_sheet
from app.rules.table import Table

Line = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """The first three lines of a sheet, its rows and its examples, as they were typed."""

    head: str
    rows: tuple[Line, ...]
    examples: tuple[Line, ...]

    @property
    def columns(self) -> Line:
        """The heads of the columns, the note included."""
        return tuple(next(csv.reader(io.StringIO(self.head.splitlines()[1])))[1:])

    @property
    def sheet(self) -> str:
        """The whole sheet."""
        made = io.StringIO()
        lines = csv.writer(made)
        lines.writerows(("rule", *row) for row in self.rows)
        lines.writerows(("example", *example) for example in self.examples)
        return self.head.rstrip("\r\n") + "\r\n" + made.getvalue()

    def table(self) -> Table:
        """Read what stands there.

        Raises:
            BadSheet: If the head is none.
        """
        return read_sheet(self.sheet)


def grid_of(table: Table) -> Grid:
    """Lay a table out for editing."""
    lines = write_sheet(table).splitlines()
    body = [tuple(line) for line in csv.reader(lines[3:])]
    return Grid(
        head="\r\n".join(lines[:3]),
        rows=tuple(line[1:] for line in body if line[0] == "rule"),
        examples=tuple(line[1:] for line in body if line[0] == "example"),
    )


def typed(head: str, cells: Sequence[str], examples: Sequence[str]) -> Grid:
    """Put the cells of a form, row by row, back into lines."""
    empty = Grid(head, (), ())
    width = len(empty.columns)
    return replace(empty, rows=_lines(cells, width), examples=_lines(examples, width))


def _lines(cells: Sequence[str], width: int) -> tuple[Line, ...]:
    return tuple(tuple(cells[at : at + width]) for at in range(0, len(cells) - width + 1, width))


def changed(grid: Grid, act: str) -> Grid:
    """Do what a button says: `add`, `example`, or `remove:3`, `up:3`, `down:3`, `forget:1`.

    Rows are counted from 1; what cannot be done changes nothing.
    """
    verb, _, number = act.partition(":")
    at = int(number) - 1 if number.isdigit() else -1
    if verb in {"example", "forget"}:
        return replace(grid, examples=_done(grid.examples, verb, at, width=len(grid.columns)))
    return replace(grid, rows=_done(grid.rows, verb, at, width=len(grid.columns)))


def _done(lines: tuple[Line, ...], verb: str, at: int, *, width: int) -> tuple[Line, ...]:
    match verb:
        case "add" | "example":
            return (*lines, ("",) * width)
        case "remove" | "forget":
            return _removed(lines, at)
        case "up":
            return _moved(lines, at, at - 1)
        case "down":
            return _moved(lines, at, at + 1)
    return lines


def _removed(lines: tuple[Line, ...], at: int) -> tuple[Line, ...]:
    return lines[:at] + lines[at + 1 :] if 0 <= at < len(lines) else lines


def _moved(lines: tuple[Line, ...], at: int, to: int) -> tuple[Line, ...]:
    if not (0 <= at < len(lines) and 0 <= to < len(lines)):
        return lines
    rest = [*_removed(lines, at)]
    rest.insert(to, lines[at])
    return tuple(rest)
