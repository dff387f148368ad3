"""Months of history, events, verdicts and messages, made ahead of time."""

from datetime import datetime

from sqlalchemy import Date, cast, func, literal, select

from orders_core.tx import Tx

PARTITIONED = ("history", "outbox", "verdict", "message")
MONTHS_AHEAD = 3


def make_ahead(tx: Tx, now: datetime) -> str:
    """Make the partitions of this month and the next three where they do not stand yet."""
    made = 0
    first = now.year * 12 + now.month - 1
    for month in range(first, first + MONTHS_AHEAD + 1):
        day = now.replace(year=month // 12, month=month % 12 + 1, day=1).date()
        for table in PARTITIONED:
            make = func.make_partition(table, cast(literal(day), Date))
            made += bool(tx.scalar(select(make)))
    return f"{made} partitions made"
