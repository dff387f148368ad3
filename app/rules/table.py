"""A decision table: columns, rows, and how many rows may answer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.rules.axis import Axis, Value, axis_of
from app.rules.cell import Cell, read_cell
from app.rules.column import Column
from app.rules.gaps import Box, Hole, Overlap, gaps, hole, overlaps, reached


class Hit(StrEnum):
    """How many rows may answer."""

    FIRST = "first"  #: the first that fits answers
    UNIQUE = "unique"  #: one row at most fits any input
    COLLECT = "collect"  #: every row that fits answers


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a cell for each input, a value for each output, and why it is so."""

    when: tuple[str, ...]
    then: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A test that stands beside its table: these inputs must give these answers."""

    given: Mapping[str, str]
    expected: Sequence[Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as it was written; `check` says whether it can be used.

    In a partial one no answer is an answer too: its gaps are meant.
    """

    name: str
    hit: Hit
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...] = ()
    is_partial: bool = False

    @cached_property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """The conditions of each row, as they are read.

        Raises:
            BadCell: Where one cannot be read; `check` names them all.
        """
        return tuple(
            tuple(
                read_cell(text, column.sort)
                for text, column in zip(row.when, self.inputs, strict=True)
            )
            for row in self.rows
        )

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The atoms of each input column."""
        return tuple(
            axis_of(column, (cells[at] for cells in self.cells))
            for at, column in enumerate(self.inputs)
        )

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Each row as a box of atoms."""
        return tuple(
            tuple(axis.mask(cell) for axis, cell in zip(self.axes, cells, strict=True))
            for cells in self.cells
        )

    def example_of(self, at: int) -> Mapping[str, Value]:
        """Return inputs that a row (counted from 0) answers; nothing if it is never reached."""
        box = reached(self.boxes, at) if self.hit is Hit.FIRST else self.boxes[at]
        return hole(self.axes, box).example if box and all(box) else {}

    def gaps(self) -> list[Hole]:
        """Return the inputs that no row answers."""
        return gaps(self.axes, self.boxes)

    def overlaps(self) -> list[Overlap]:
        """Return the pairs of rows that answer the same inputs."""
        return overlaps(self.axes, self.boxes)
