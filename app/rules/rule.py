"""Save a table, let it rule, ask it, and try a new one on what was asked before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.rules import store
from app.rules.engine import Judge, MissingInput, Ruling, plain
from app.rules.examples import failed_examples
from app.rules.sheet import read_sheet
from app.rules.store import Ruled, Saved
from app.rules.table import Table
from orders_core.errors import CoreError, NotFound
from orders_core.ids import new_id
from orders_core.tx import Tx

MOST_TRIED = 1_000


class ExamplesFail(CoreError):
    """The table answers its own examples otherwise; names them."""

    def __init__(self, name: str, numbers: Sequence[int]) -> None:
        self.name, self.numbers = name, tuple(numbers)
        told = ", ".join(str(number) for number in numbers)
        super().__init__(f"table {name} answers example {told} otherwise than it says")


@dataclass(frozen=True, slots=True)
class Changed:
    """A ruling of the past that a new table would make otherwise; None where it refuses."""

    ruled: Ruled
    now: Sequence[Mapping[str, Any]] | None


def save(tx: Tx, sheet: str, *, by: str, why: str, now: datetime) -> Saved:
    """Keep a sheet as the next version of its table; nothing unsound is kept.

    Raises:
        BadSheet: If it is no table.
        FaultyTable: With every gap, overlap and unreadable cell.
        ExamplesFail: If it contradicts the examples that stand beside it.
    """
    judge = Judge(read_sheet(sheet))
    failed = failed_examples(judge)
    name = judge.table.name
    if failed:
        raise ExamplesFail(name, [one.number for one in failed])
    store.hold(tx, name)
    number = store.newest(tx, name) + 1
    saved = Saved(name=name, version=number, sheet=sheet, saved_by=by, why=why, saved_at=now)
    store.add(tx, saved)
    return saved


def publish(tx: Tx, name: str, version: int) -> None:
    """Let a saved version rule from now on; rulings already made keep theirs.

    Raises:
        NotFound: If there is no such version.
    """
    store.hold(tx, name)
    if store.version(tx, name, version) is None:
        raise NotFound("version of the table", f"{name} {version}")
    store.set_live(tx, name, version)


def ask(tx: Tx, name: str, given: Mapping[str, Any], *, about: str, now: datetime) -> Ruling:
    """Ask the version that rules, and write down what it said about what.

    Raises:
        NotFound: If no version of the table rules.
        MissingInput: If an input is missing or is nothing its column can hold.
    """
    version = store.live(tx, name)
    if version is None:
        raise NotFound("table that rules", name)
    judge = judge_of(tx, name, version)
    ruling = judge.ask(given)
    asked = {column.name: given[column.name] for column in judge.table.inputs}
    logged = Ruled(
        id=new_id(),
        name=name,
        version=version,
        about=about,
        given=_json(asked),
        rows=list(ruling.rows),
        answers=[_json(answer) for answer in ruling.answers],
        ruled_at=now,
    )
    store.log(tx, [logged])
    return ruling


def judge_of(tx: Tx, name: str, version: int) -> Judge:
    """Return a saved version, ready to be asked.

    Raises:
        NotFound: If there is no such version.
    """
    saved = store.version(tx, name, version)
    if saved is None:
        raise NotFound("version of the table", f"{name} {version}")
    return _judge(saved.sheet)


@lru_cache(maxsize=128)
def _judge(sheet: str) -> Judge:
    return Judge(read_sheet(sheet))


def replay(tx: Tx, name: str, *, at_most: int = MOST_TRIED) -> list[Ruled]:
    """Ask every logged question of the version that answered it; return what differs: nothing."""
    return [
        ruled
        for ruled in store.rulings(tx, name, at_most=at_most)
        if said(judge_of(tx, name, ruled.version), ruled) != list(ruled.answers)
    ]


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
        return [_json(answer) for answer in judge.ask(ruled.given).answers]
    except MissingInput:
        return None


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, numbers to fifteen digits."""
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }
