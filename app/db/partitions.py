"""Months of history, events, verdicts and messages, made ahead of time."""

from datetime import date, datetime

from sqlalchemy import Date, cast, func, literal, select

from orders_core.tx import Tx

PARTITIONED = ("history", "outbox", "verdict", "message")
MONTHS_AHEAD = 3


def make_ahead(tx: Tx, _due_at: datetime) -> str:
    """Make the partitions of this month and the next three where they do not stand yet.

    Months are the machine's: an id carries machine time, whatever the shop's own clock shows.
    """
    made = 0
    for month in months_ahead(tx.execute(select(func.clock_timestamp())).scalar_one().date()):
        for table in PARTITIONED:
            make = func.make_partition(table, cast(literal(month), Date))
            made += bool(tx.scalar(select(make)))
    return f"{made} partitions made"


def months_ahead(today: date) -> list[date]:
    """Return the first days of this month and the next three."""
    this = today.year * 12 + today.month - 1
    months = range(this, this + MONTHS_AHEAD + 1)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
