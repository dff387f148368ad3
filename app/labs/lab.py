"""What a lab is: one question, two ways to do it, the same load, and what came out."""

import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

import psycopg
from sqlalchemy import Engine

Figures = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a lab works: an empty, migrated database and a Valkey, both made for it."""

    engine: Engine
    valkey_url: str

    def plain(self) -> psycopg.Connection:
        """Open a connection as a naive program would: autocommit, no pool."""
        url = self.engine.url.set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@dataclass(frozen=True)
class Outcome:
    """What one way came to: its figures, and how many of them are wrong."""

    figures: Figures
    wrong: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A question with its naive answer and ours.

    `naive` and `ours` return figures, and how many of them are wrong; `told` names the figure that
    the sentence of the lab tells. `shown` is the module of the naive way.
    """

    name: str
    told: str
    naive: Callable[[Place], tuple[Figures, int]]
    ours: Callable[[Place], tuple[Figures, int]]
    shown: ModuleType

    @property
    def word(self) -> str:
        """The name as keys of the catalogue spell it."""
        return self.name.replace("-", "_")

    def source(self) -> str:
        """Return the naive way as it is written."""
        return inspect.getsource(self.shown)


def timed(way: Callable[[Place], tuple[Figures, int]], place: Place) -> Outcome:
    """Do it one way, by the clock."""
    started = time.monotonic()
    figures, wrong = way(place)
    return Outcome(figures, wrong, round(time.monotonic() - started, 2))
