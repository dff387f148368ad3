"""Everything that is wrong with a table, told at once: each fault with its row and column. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.rules.cell import BadCell, Cell, Spans, Words, read_cell
from app.rules.column import Column
from app.rules.gaps import Hole, unreached
from app.rules.table import Hit, Table
from app.rules.value import value_of
from orders_core.errors import CoreError

MOST_ROWS, MOST_COLUMNS = 200, 12


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a table: its code, the row (from 1) and the column it is in, and why."""

    code: str
    row: int | None
    column: str | None
    says: str


class FaultyTable(CoreError):
    """A table that cannot be used; carries every fault."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name, self.faults = name, tuple(faults)
        super().__init__(f"table {name} has {len(self.faults)} faults: {self.faults[0].says}")


@dataclass(frozen=True)
class Checked:
    """What a look at a table found: faults stop it, gaps are told."""

    faults: tuple[Fault, ...]
    holes: tuple[Hole, ...] = ()


def check(table: Table) -> Checked:
    """Look for everything that is wrong with a table before anybody relies on it."""
    shape = [*_shape(table)]
    if shape:
        return Checked(tuple(shape))
    unread = [*_unread(table)]
    if unread:
        return Checked(tuple(unread))
    return Checked((*_logic(table),), tuple(table.gaps()))


def demand_sound(table: Table) -> Table:
    """Return the table if nothing is wrong with it.

    Raises:
        FaultyTable: With every fault.
    """
    found = check(table).faults
    if found:
        raise FaultyTable(table.name, found)
    return table


def _shape(table: Table) -> Iterator[Fault]:
    columns = (*table.inputs, *table.outputs)
    if not table.inputs or not table.outputs or not table.rows:
        yield Fault("empty", None, None, "a table needs an input, an output and a row")
    if len(table.rows) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        most = f"{MOST_ROWS} rows and {MOST_COLUMNS} columns"
        yield Fault("too_large", None, None, f"a table has at most {most}: split it")
    names = [column.name for column in columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("column_twice", None, name, f"two columns are called {name}")
    for number, row in enumerate(table.rows, 1):
        if (len(row.when), len(row.then)) != (len(table.inputs), len(table.outputs)):
            yield Fault("ragged", number, None, f"row {number} has not one cell for each column")


def _unread(table: Table) -> Iterator[Fault]:
    for number, row in enumerate(table.rows, 1):
        for text, column in zip(row.when, table.inputs, strict=True):
            yield from _bad_cell(text, column, number, is_answer=False)
        for text, column in zip(row.then, table.outputs, strict=True):
            yield from _bad_cell(text, column, number, is_answer=True)


def _bad_cell(text: str, column: Column, number: int, *, is_answer: bool) -> Iterator[Fault]:
    try:
        cell = read_cell(text, column.sort)
        says = _stranger(cell, column)
        if not says and is_answer and value_of(cell) is None:
            says = f"an answer is one {column.sort}"
    except BadCell as fault:
        says = str(fault)
    if says:
        yield Fault("bad_cell", number, column.name, says)


def _stranger(cell: Cell, column: Column) -> str:
    """Say which word or number of a cell the column cannot hold."""
    if isinstance(cell, Words) and column.words:
        unknown = sorted(cell.words - set(column.words))
        return f"{', '.join(unknown)}: not among {', '.join(column.words)}" if unknown else ""
    if isinstance(cell, Spans):
        ends = [end for span in cell.spans for end in (span.low, span.high) if end is not None]
        outside = [end for end in ends if not column.holds(end)]
        return f"{outside[0]} is nothing that {column.name} can be" if outside else ""
    return ""


def _logic(table: Table) -> Iterator[Fault]:
    if table.hit is Hit.UNIQUE:
        for met in table.overlaps():
            rows, where = f"{met.first + 1} and {met.second + 1}", " · ".join(met.where.cells)
            yield Fault("overlap", met.second + 1, None, f"rows {rows} both answer {where}")
    if table.hit is Hit.FIRST:
        for at in unreached(table.boxes):
            says = f"row {at + 1} is never reached: those above take all of it"
            yield Fault("unreached", at + 1, None, says)
    if not table.is_partial:
        for hole in table.gaps():
            yield Fault("gap", None, None, f"no row answers {' · '.join(hole.cells)}")
