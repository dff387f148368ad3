"""Which months are dropped: those that are older than is kept, and hold nothing unfinished.

Dropping a partition is the purge. A month is dropped whole or not at all: while a message of it is
still to leave, an event still to be told or a digest still to close, all of it stays and says why.
History stays for good, for orders of any age are shown as they were; so does `told`, so that
nothing that was told is ever told again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.db import retention_store as store
from app.db.retention_store import Month
from orders_core.tx import Tx

PURGED = ("outbox", "verdict", "message")


class Fate(StrEnum):
    """What becomes of a month."""

    KEPT = "kept"  #: young enough
    HELD = "held"  #: old enough, but something in it is unfinished
    GOES = "goes"


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What becomes of one month of one table; `unfinished` rows hold it."""

    month: Month
    fate: Fate
    unfinished: int = 0


def is_over(month: Month, *, today: date, keep_days: int) -> bool:
    """Say whether even the last day of a month is older than is kept."""
    return month.until <= today - timedelta(days=keep_days)


def look(tx: Tx, *, keep_days: int) -> list[Ruling]:
    """Say what becomes of every month of the tables that are purged, the oldest first.

    Months are the machine's, for the ids that they are parted by carry its time.
    """
    today = store.today(tx)
    return [
        _ruling(tx, month, is_old=is_over(month, today=today, keep_days=keep_days))
        for month in store.months(tx, PURGED)
    ]


def _ruling(tx: Tx, month: Month, *, is_old: bool) -> Ruling:
    if not is_old:
        return Ruling(month=month, fate=Fate.KEPT)
    unfinished = store.unfinished(tx, month)
    fate = Fate.HELD if unfinished else Fate.GOES
    return Ruling(month=month, fate=fate, unfinished=unfinished)


def purge(tx: Tx, *, keep_days: int) -> Sequence[Ruling]:
    """Drop every month that may go; return what became of each.

    Waits two seconds at most for whoever reads or writes; then the database refuses, nothing is
    dropped and the next night tries again.
    """
    rulings = look(tx, keep_days=keep_days)
    going = [one.month for one in rulings if one.fate is Fate.GOES]
    store.drop(tx, going)
    store.forget_handled(tx)
    store.forget_returned(tx)
    return rulings
