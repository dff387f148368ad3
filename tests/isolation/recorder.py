"""Random transactions over a few lists, as they were seen by those who made them.

As a program: `recorder.py <database> <level> <seed> <transactions>` prints the history as JSON.
"""

import json
import sys
import time
from collections.abc import Sequence
from random import Random

import psycopg

from app.labs.anomalies import Level
from tests.dice import dice
from tests.isolation.history import Append, Fate, Read, Txn

TABLE = "CREATE TABLE list (key int PRIMARY KEY, said int[] NOT NULL)"
APPEND = """
INSERT INTO list VALUES (%s, ARRAY[%s::int])
ON CONFLICT (key) DO UPDATE SET said = list.said || EXCLUDED.said
"""
READ = "SELECT said FROM list WHERE key = %s"
BREAK_CIRCLES_SOON = "SET deadlock_timeout = '10ms'"
KEYS, LONGEST = 4, 4
ROOM = 10_000  # ids and values of one recorder


def record(database: str, level: Level, *, seed: int, transactions: int) -> list[Txn]:
    """Make so many transactions at a level over one connection, and say what each saw."""
    chance = dice(seed)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(BREAK_CIRCLES_SOON)
        return [
            _transaction(connection, level, seed * ROOM + number, chance)
            for number in range(transactions)
        ]


def _transaction(connection: psycopg.Connection, level: Level, number: int, chance: Random) -> Txn:
    does: list[Append | Read] = []
    fate, began = Fate.COMMITTED, time.monotonic()
    connection.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
    try:
        for turn in range(chance.randint(1, LONGEST)):
            key = chance.randrange(KEYS)
            if chance.random() < 0.5:  # noted first: whoever is refused has still tried
                does.append(Append(key, number * LONGEST + turn))
                connection.execute(APPEND, [key, number * LONGEST + turn])
            else:
                row = connection.execute(READ, [key]).fetchone()
                does.append(Read(key, tuple(row[0]) if row else ()))
        connection.execute("COMMIT")
    except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
        fate = Fate.ABORTED
        connection.execute("ROLLBACK")
    return Txn(id=number, does=tuple(does), fate=fate, began=began, ended=time.monotonic())


def write(txns: Sequence[Txn]) -> str:
    """Write a history for another process to read."""
    return json.dumps(
        [
            [t.id, t.fate, t.began, t.ended, [[type(d).__name__, d.key, _told(d)] for d in t.does]]
            for t in txns
        ]
    )


def read(written: str | bytes) -> list[Txn]:
    """Read what `write` wrote."""
    return [
        Txn(
            id=number,
            fate=Fate(fate),
            began=began,
            ended=ended,
            does=tuple(
                Append(key, told) if name == "Append" else Read(key, tuple(told))
                for name, key, told in does
            ),
        )
        for number, fate, began, ended, does in json.loads(written)
    ]


def _told(one: Append | Read) -> object:
    return one.value if isinstance(one, Append) else one.values


if __name__ == "__main__":
    database, level, seed, transactions = sys.argv[1:]
    made = record(database, Level(level), seed=int(seed), transactions=int(transactions))
    print(write(made))  # noqa: T201 - the answer of this program
