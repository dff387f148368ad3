"""A lab that holds several ways side by side, or one thing step by step: tables instead of a pair.

It tells the same in every language: `tell` is asked once for each.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from app.labs.lab import Place


@dataclass(frozen=True)
class Table:
    """A table with a name, its head and its rows, all words."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Cell:
    """What happened at one terminal: a statement, what it gave, and whether that was trouble."""

    column: int
    statement: str
    gave: str
    mark: str = ""  #: `waits` or `refused`


@dataclass(frozen=True)
class Columns:
    """Terminals side by side, step under step."""

    name: str
    verdict: str
    head: Sequence[str]
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Telling:
    """What a study says in one language."""

    question: str
    tables: Sequence[Table]
    sentence: str
    why: Sequence[str]
    columns: Sequence[Columns] = ()


@dataclass(frozen=True)
class Found:
    """What a study found: figures for programs, and how it is told to people."""

    figures: Mapping[str, object]
    tell: Callable[[str], Telling]
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Study:
    """A lab with a name that finds something out at a place.

    `shown` is the module of a naive way that the page shows whole. `anywhere` says that a bare
    PostgreSQL is place enough: it works in a schema of its own and takes it away again.
    """

    name: str
    run: Callable[[Place], Found]
    shown: ModuleType | None = None
    anywhere: bool = False

    @property
    def word(self) -> str:
        """The name as keys of the catalogue spell it."""
        return self.name.replace("-", "_")

    def source(self) -> str:
        """Return the naive way as it is written; nothing where there is none."""
        return inspect.getsource(self.shown) if self.shown else ""
