"""Ask what was asked before again: the same version says the same for ever, a new one may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules import store
from app.rules.engine import Judge, MissingInput
from app.rules.rule import as_json, judge_of
from app.rules.store import Ruled
from app.rules.table import Table
from orders_core.tx import Tx

MOST_TRIED = 1_000


@dataclass(frozen=True, slots=True)
class Changed:
    """A ruling of the past that a new table would make otherwise; None where it refuses."""

    ruled: Ruled
    now: Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many rulings were asked again, and those that came out otherwise."""

    asked: int
    differing: Sequence[Ruled]

    @property
    def same_percent(self) -> float:
        """The share that came out the same, 0 to 100; 100 where nothing was asked."""
        return 100 * (1 - len(self.differing) / self.asked) if self.asked else 100.0


def replay(tx: Tx, name: str, *, at_most: int = MOST_TRIED) -> Replayed:
    """Ask logged questions, newest first, of the version that answered them; none should differ."""
    logged = store.rulings(tx, name, at_most=at_most)
    judges = {number: judge_of(tx, name, number) for number in {one.version for one in logged}}
    return Replayed(len(logged), [one for one in logged if not _is_same(judges[one.version], one)])


def dry_run(tx: Tx, table: Table, *, at_most: int = MOST_TRIED) -> list[Changed]:
    """Ask a new table what the old one was asked, newest first; return what it answers otherwise.

    Raises:
        FaultyTable: If it is not sound.
    """
    judge = Judge(table)
    tried = [
        (ruled, said(judge, ruled)) for ruled in store.rulings(tx, table.name, at_most=at_most)
    ]
    return [Changed(ruled, now) for ruled, now in tried if now != list(ruled.answers)]


def said(judge: Judge, ruled: Ruled) -> list[Mapping[str, Any]] | None:
    """Return what a table says of a logged question; None if it asks for more than was given."""
    try:
        return [as_json(answer) for answer in judge.ask(ruled.given).answers]
    except MissingInput:
        return None


def _is_same(judge: Judge, ruled: Ruled) -> bool:
    """Say whether the same rows answer, and answer the same."""
    try:
        again = judge.ask(ruled.given)
    except MissingInput:
        return False
    answers = [as_json(answer) for answer in again.answers]
    return (list(again.rows), answers) == (list(ruled.rows), list(ruled.answers))
