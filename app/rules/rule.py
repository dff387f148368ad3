"""Save a table, let it rule, and ask the one that rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.rules import standard, store
from app.rules.engine import Judge, Ruling, plain
from app.rules.examples import failed_examples
from app.rules.sheet import read_sheet
from app.rules.store import Ruled, Saved
from orders_core.errors import CoreError, NotFound
from orders_core.ids import new_id
from orders_core.tx import Tx

About = str  # what is decided: an order's id, say
Given = Mapping[str, Any]


class ExamplesFail(CoreError):
    """The table answers its own examples otherwise; names them."""

    def __init__(self, name: str, numbers: Sequence[int]) -> None:
        self.name, self.numbers = name, tuple(numbers)
        told = ", ".join(str(number) for number in numbers)
        super().__init__(f"table {name} answers example {told} otherwise than it says")


@dataclass(frozen=True, slots=True)
class Live:
    """The version of a table that rules, ready to be asked as often as one likes."""

    name: str
    version: int
    judge: Judge

    def ruled(self, about: About, given: Given, ruling: Ruling, *, now: datetime) -> Ruled:
        """Return a ruling as `store.log` keeps it, with the inputs that the table asks for."""
        asked = {column.name: given[column.name] for column in self.judge.table.inputs}
        return Ruled(
            id=new_id(),
            name=self.name,
            version=self.version,
            about=about,
            given=as_json(asked),
            rows=list(ruling.rows),
            answers=[as_json(answer) for answer in ruling.answers],
            ruled_at=now,
        )


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


def live(tx: Tx, name: str, *, now: datetime) -> Live:
    """Return the version of a table that rules; where none does yet, the one the product brings.

    That one is saved and published here, once, however many ask at the same moment.

    Raises:
        NotFound: If no version rules and the product brings no such table.
    """
    found = store.ruling_sheet(tx, name) or _seat(tx, name, now)
    return Live(name, found.version, _judge(found.sheet))


def ruling(tx: Tx, name: str) -> str:
    """Return the sheet that rules, or else the one the product brings; nothing is written.

    Raises:
        NotFound: If no version rules and the product brings no such table.
    """
    return rulings(tx, [name])[name]


def rulings(tx: Tx, names: Collection[str]) -> Mapping[str, str]:
    """Return the sheets that rule, of all these tables in one statement, as `ruling` does.

    Raises:
        NotFound: If of one of them no version rules and the product brings no such table.
    """
    found = store.ruling_sheets(tx, names)
    return {name: found.get(name) or _standard(name) for name in names}


def _standard(name: str) -> str:
    sheet = standard.sheet_of(name)
    if sheet is None:
        raise NotFound("table that rules", name)
    return sheet


def seat_all(tx: Tx, *, now: datetime) -> None:
    """Let every table the product brings rule, unless one of its versions rules already.

    Processes do it as they start, so that no order waits for it.
    """
    for name in standard.names():
        live(tx, name, now=now)


def ask(tx: Tx, name: str, given: Given, *, about: About, now: datetime) -> Ruling:
    """Ask the version that rules, and write down what it said about what.

    Raises:
        NotFound: If no version of the table rules and the product brings none.
        MissingInput: If an input is missing or is nothing its column can hold.
    """
    return ask_many(tx, name, [(about, given)], now=now)[0]


def ask_many(
    tx: Tx, name: str, asked: Sequence[tuple[About, Given]], *, now: datetime
) -> list[Ruling]:
    """Ask the version that rules once for each, and write all rulings down in one statement.

    Raises:
        NotFound: If no version of the table rules and the product brings none.
        MissingInput: If an input is missing or is nothing its column can hold; nothing is kept.
    """
    ruler = live(tx, name, now=now)
    rulings = [ruler.judge.ask(given) for _, given in asked]
    told = zip(asked, rulings, strict=True)
    store.log(tx, [ruler.ruled(about, given, ruling, now=now) for (about, given), ruling in told])
    return rulings


def judge_of(tx: Tx, name: str, version: int) -> Judge:
    """Return a saved version, ready to be asked.

    Raises:
        NotFound: If there is no such version.
    """
    saved = store.version(tx, name, version)
    if saved is None:
        raise NotFound("version of the table", f"{name} {version}")
    return _judge(saved.sheet)


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, numbers to fifteen digits."""
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def _seat(tx: Tx, name: str, now: datetime) -> Saved:
    sheet = _standard(name)
    store.hold(tx, name)
    found = store.ruling_sheet(tx, name)  # another may have been first while this one waited
    if found is None:
        found = save(tx, sheet, by=standard.AUTHOR, why=standard.WHY, now=now)
        store.set_live(tx, name, found.version)
    return found


@lru_cache(maxsize=128)
def _judge(sheet: str) -> Judge:
    return Judge(read_sheet(sheet))
