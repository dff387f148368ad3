"""The anomalies of concurrent transactions as schedules, and what PostgreSQL makes of each.

After Hermitage (Martin Kleppmann), which catalogued them for PostgreSQL 9.3. Each is a schedule of
statements at two or three terminals, the statement that tells, and what it shows where the anomaly
happens. This list is the only one: the lab plays it, the suite checks it, the documentation shows
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TABLE = """
DROP SCHEMA IF EXISTS naive CASCADE;
CREATE SCHEMA naive;
CREATE TABLE naive.test (id integer PRIMARY KEY, value integer NOT NULL);
INSERT INTO naive.test VALUES (1, 10), (2, 20);
"""


class Level(StrEnum):
    """An isolation level of PostgreSQL."""

    READ_COMMITTED = "READ COMMITTED"
    REPEATABLE_READ = "REPEATABLE READ"
    SERIALIZABLE = "SERIALIZABLE"


class Came(StrEnum):
    """What came of an anomaly at a level."""

    HAPPENS = "happens"
    PREVENTED = "prevented"  #: nobody saw it, and nobody had to begin again
    REFUSED = "refused"  #: prevented by ending one transaction with 40001, to be tried again


Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """A schedule; `tells` is the step whose rows are `wrong` where the anomaly happens.

    `waits` are the steps that wait for a lock at READ COMMITTED.
    """

    name: str
    steps: tuple[tuple[str, str], ...]
    tells: int
    wrong: Rows
    expected: Mapping[Level, Came]
    waits: frozenset[int] = frozenset()

    @property
    def word(self) -> str:
        """The name as keys of the catalogue spell it."""
        return self.name.lower().replace("-", "_")


def _expected(at_first: Came, repeatable: Came, serializable: Came) -> Mapping[Level, Came]:
    return dict(zip(Level, (at_first, repeatable, serializable), strict=True))


_NO, _YES, _40001 = Came.PREVENTED, Came.HAPPENS, Came.REFUSED
_ALL = "SELECT id, value FROM naive.test ORDER BY id"
_ONE = "SELECT value FROM naive.test WHERE id = 1"
_TWO = "SELECT value FROM naive.test WHERE id = 2"
_THIRDS = "SELECT id, value FROM naive.test WHERE value % 3 = 0"


def _set(row: int, value: int) -> str:
    return f"UPDATE naive.test SET value = {value} WHERE id = {row}"  # noqa: S608 - typed by us


ANOMALIES: Sequence[Anomaly] = (
    Anomaly(
        name="G0",
        steps=(
            ("T1", _set(1, 11)),
            ("T2", _set(1, 12)),
            ("T1", _set(2, 21)),
            ("T1", "COMMIT"),
            ("T2", _set(2, 22)),
            ("T2", "COMMIT"),
            ("T3", _ALL),
        ),
        tells=6,
        wrong=((1, 12), (2, 21)),
        waits=frozenset({1}),
        expected=_expected(_NO, _40001, _40001),
    ),
    Anomaly(
        name="G1a",
        steps=(
            ("T1", _set(1, 101)),
            ("T2", _ONE),
            ("T1", "ROLLBACK"),
            ("T2", _ONE),
            ("T2", "COMMIT"),
        ),
        tells=1,
        wrong=((101,),),
        expected=_expected(_NO, _NO, _NO),
    ),
    Anomaly(
        name="G1b",
        steps=(
            ("T1", _set(1, 101)),
            ("T2", _ONE),
            ("T1", _set(1, 11)),
            ("T1", "COMMIT"),
            ("T2", _ONE),
            ("T2", "COMMIT"),
        ),
        tells=1,
        wrong=((101,),),
        expected=_expected(_NO, _NO, _NO),
    ),
    Anomaly(
        name="G1c",
        steps=(
            ("T1", _set(1, 11)),
            ("T2", _set(2, 22)),
            ("T1", _TWO),
            ("T2", _ONE),
            ("T1", "COMMIT"),
            ("T2", "COMMIT"),
        ),
        tells=3,
        wrong=((11,),),
        expected=_expected(_NO, _NO, _40001),
    ),
    Anomaly(
        name="OTV",
        steps=(
            ("T1", _set(1, 11)),
            ("T1", _set(2, 19)),
            ("T2", _set(1, 12)),
            ("T1", "COMMIT"),
            ("T3", _ONE),
            ("T2", _set(2, 18)),
            ("T3", _TWO),
            ("T2", "COMMIT"),
            ("T3", _TWO),
            ("T3", _ONE),
            ("T3", "COMMIT"),
        ),
        tells=6,
        wrong=((18,),),
        waits=frozenset({2}),
        expected=_expected(_NO, _40001, _40001),
    ),
    Anomaly(
        name="PMP",
        steps=(
            ("T1", "SELECT id, value FROM naive.test WHERE value = 30"),
            ("T2", "INSERT INTO naive.test VALUES (3, 30)"),
            ("T2", "COMMIT"),
            ("T1", _THIRDS),
            ("T1", "COMMIT"),
        ),
        tells=3,
        wrong=((3, 30),),
        expected=_expected(_YES, _NO, _NO),
    ),
    Anomaly(
        name="PMP-write",
        steps=(
            ("T1", "UPDATE naive.test SET value = value + 10"),
            ("T2", "DELETE FROM naive.test WHERE value = 20"),
            ("T1", "COMMIT"),
            ("T2", "SELECT id, value FROM naive.test WHERE value = 20"),
            ("T2", "COMMIT"),
        ),
        tells=3,
        wrong=((1, 20),),
        waits=frozenset({1}),
        expected=_expected(_YES, _40001, _40001),
    ),
    Anomaly(
        name="P4",
        steps=(
            ("T1", _ONE),
            ("T2", _ONE),
            ("T1", _set(1, 11)),
            ("T2", _set(1, 12)),
            ("T1", "COMMIT"),
            ("T2", "COMMIT"),
            ("T3", _ONE),
        ),
        tells=6,
        wrong=((12,),),
        waits=frozenset({3}),
        expected=_expected(_YES, _40001, _40001),
    ),
    Anomaly(
        name="G-single",
        steps=(
            ("T1", _ONE),
            ("T2", _ALL),
            ("T2", _set(1, 12)),
            ("T2", _set(2, 18)),
            ("T2", "COMMIT"),
            ("T1", _TWO),
            ("T1", "COMMIT"),
        ),
        tells=5,
        wrong=((18,),),
        expected=_expected(_YES, _NO, _NO),
    ),
    Anomaly(
        name="G-single-predicate",
        steps=(
            ("T1", "SELECT id, value FROM naive.test WHERE value % 5 = 0 ORDER BY id"),
            ("T2", "UPDATE naive.test SET value = 12 WHERE value = 10"),
            ("T2", "COMMIT"),
            ("T1", _THIRDS),
            ("T1", "COMMIT"),
        ),
        tells=3,
        wrong=((1, 12),),
        expected=_expected(_YES, _NO, _NO),
    ),
    Anomaly(
        name="G-single-write",
        steps=(
            ("T1", _ONE),
            ("T2", _ALL),
            ("T2", _set(1, 12)),
            ("T2", _set(2, 18)),
            ("T2", "COMMIT"),
            ("T1", "DELETE FROM naive.test WHERE value = 20 RETURNING id"),
            ("T1", "COMMIT"),
        ),
        tells=5,
        wrong=(),
        expected=_expected(_YES, _40001, _40001),
    ),
    Anomaly(
        name="G2-item",
        steps=(
            ("T1", _ALL),
            ("T2", _ALL),
            ("T1", _set(1, 11)),
            ("T2", _set(2, 21)),
            ("T1", "COMMIT"),
            ("T2", "COMMIT"),
            ("T3", _ALL),
        ),
        tells=6,
        wrong=((1, 11), (2, 21)),
        expected=_expected(_YES, _YES, _40001),
    ),
    Anomaly(
        name="G2",
        steps=(
            ("T1", _THIRDS),
            ("T2", _THIRDS),
            ("T1", "INSERT INTO naive.test VALUES (3, 30)"),
            ("T2", "INSERT INTO naive.test VALUES (4, 42)"),
            ("T1", "COMMIT"),
            ("T2", "COMMIT"),
            ("T3", f"{_THIRDS} ORDER BY id"),
        ),
        tells=6,
        wrong=((3, 30), (4, 42)),
        expected=_expected(_YES, _YES, _40001),
    ),
    Anomaly(
        name="G2-two-edges",
        steps=(
            ("T1", _ALL),
            ("T2", "UPDATE naive.test SET value = value + 5 WHERE id = 2"),
            ("T2", "COMMIT"),
            ("T3", _ALL),
            ("T3", "COMMIT"),
            ("T1", _set(1, 0)),
            ("T1", "COMMIT"),
            ("T4", _ALL),
        ),
        tells=7,
        wrong=((1, 0), (2, 25)),
        expected=_expected(_YES, _YES, _40001),
    ),
)
