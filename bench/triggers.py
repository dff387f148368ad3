"""What events by construction cost: no trigger, a row-level one, and ours, on the same table.

Three tables of the shape of `orders` stand side by side on one engine: one without triggers, one
whose rows each call a trigger, and one with the triggers that every tracked table has. The last two
write the same history and outbox rows. Statements put in or change 1, 100 or 1,000 rows; the ways
take turns, and the median of the rounds is the figure. Commits do not wait for the disk: what is
measured is the triggers.
"""

import re
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

import psycopg

from bench.ground import Ground
from orders_core.outbox.tracked import TRACKED
from orders_core.outbox.tracking import Tracked, statements

WAYS = ("none", "row", "statement")
SIZES = (1, 100, 1_000)
VERBS = ("insert", "update")
ROUNDS = 7
SECONDS = 0.2
STANDING = 2_000  # rows that are changed again and again

Say = Callable[[str], None]
Measure = Callable[[], float]

#: What sets a row-level trigger apart; the bodies are the same otherwise.
AT_EACH_ROW = (
    (r"  IF NOT EXISTS \(SELECT FROM \w+\) THEN RETURN NULL; END IF;\n", ""),
    (r"FROM added n", "FROM (SELECT NEW.*) n"),
    (r"FROM after n JOIN before o ON o\.id = n\.id", "FROM (SELECT NEW.*) n, (SELECT OLD.*) o"),
    (r"(AFTER .+) REFERENCING .+ FOR EACH STATEMENT", r"\1 FOR EACH ROW"),
)

INSERT = """
INSERT INTO {table} (id, number, source, person_id, status, currency, total_minor, placed_at,
                     changed_by, change_reason, changed_at, ring)
SELECT uuid7(), nextval('order_number'), 'shop', '00000000-0000-7000-8000-000000000001', 'placed',
       'CNY', 1990, clock_timestamp(), 'bench', 'bought', clock_timestamp(), 'never'
FROM generate_series(1, {rows})
"""
UPDATE = """
UPDATE {table} SET total_minor = total_minor + 1
WHERE number BETWEEN {first} AND {first} + {rows} - 1
"""


def run(ground: Ground, say: Say) -> Mapping[str, object]:
    """Measure every way at every size in turn; return the median statements a second, and ratios.

    `…_row_costs` is how many times as long a statement takes as without a trigger, and
    `…_statement_over_row` how many times as many statements ours manages as a row-level trigger.
    """
    url = ground.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    cases = list(product(VERBS, SIZES))
    rates: dict[str, list[float]] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        firsts = {way: _prepare(connection, way) for way in WAYS}
        for number in range(1, ROUNDS + 1):
            for (verb, rows), way in product(cases, WAYS):
                statement = _statement(verb, way, rows, first=firsts[way])
                rate = _rate(connection, statement)
                rates.setdefault(f"{verb}_{rows}_{way}", []).append(rate)
            say(f"round {number}/{ROUNDS}")
    return _figures({name: statistics.median(found) for name, found in rates.items()})


def _figures(medians: Mapping[str, float]) -> Mapping[str, object]:
    figures: dict[str, object] = {}
    for verb, rows in product(VERBS, SIZES):
        none, row, ours = (medians[f"{verb}_{rows}_{way}"] for way in WAYS)
        case = f"{verb}_{rows}"
        figures |= {f"{case}_{way}": round(medians[f"{case}_{way}"], 1) for way in WAYS}
        figures[f"{case}_row_costs"] = round(none / row, 2)
        figures[f"{case}_statement_costs"] = round(none / ours, 2)
        figures[f"{case}_statement_over_row"] = round(ours / row, 2)
    return {**figures, "rounds": ROUNDS}


def _prepare(connection: psycopg.Connection, way: str) -> int:
    """Make the table of one way and the rows that are changed; return the first one's number."""
    table = f"bench_{way}"
    orders = next(one for one in TRACKED if one.table == "orders")
    connection.execute(f"CREATE TABLE {table} (LIKE orders INCLUDING ALL)".encode())
    for statement in _triggers(replace(orders, table=table), way):
        connection.execute(statement.encode())
    connection.execute(INSERT.format(table=table, rows=STANDING).encode())
    found = connection.execute(f"SELECT min(number) FROM {table}".encode()).fetchone()  # noqa: S608 - our own table
    return int(found[0]) if found else 0


def _triggers(tracked: Tracked, way: str) -> list[str]:
    if way == "none":
        return []
    made = list(statements(tracked))
    return made if way == "statement" else [at_each_row(one) for one in made]


def at_each_row(statement: str) -> str:
    """Turn SQL of ours into the same written for each row: the row instead of transition tables."""
    for ours, theirs in AT_EACH_ROW:
        statement = re.sub(ours, theirs, statement)
    return statement


def _statement(verb: str, way: str, rows: int, *, first: int) -> bytes:
    shape = INSERT if verb == "insert" else UPDATE
    return shape.format(table=f"bench_{way}", rows=rows, first=first).encode()


def _rate(connection: psycopg.Connection, statement: bytes) -> float:
    """Run a statement for a fifth of a second; return how many of it a second."""
    done, began = 0, time.monotonic()
    while (elapsed := time.monotonic() - began) < SECONDS:
        connection.execute(statement)
        done += 1
    return done / elapsed
