"""Up to where everything that was written is visible: the line that a step starts from.

Ids are given in one order and commits happen in another: a transaction that began early may commit
late, with ids that lie below those a step has already seen. So a step may not go on from "the last
id I saw". It goes on from a moment of which it is *sure*:

1. At the end of each step we note the moment and `pg_snapshot_xmax`, the first transaction id not
   yet given out: whoever wrote anything before that moment has an id below it. (Triggers write the
   history after their statement wrote its rows, so the id was there before the event's was made.)
2. A later step sees `pg_snapshot_xmin`, below which every transaction is over. Once that has passed
   the noted id, everything written before the noted moment is either visible or was rolled back:
   the moment is safe, and steps begin from it.

A transaction left open holds the line back; steps then look at more rows than they would have to,
and miss none. Ids that other hosts make carry their clock, so `APART` is looked at again besides.
A whole run has seen every transaction that was over when it began; the first steps behind it look
back by `LONGEST`, which no transaction of ours lives. A database restored elsewhere counts
transactions anew: a mark beyond them is thrown away, and the next run is a whole one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders_core.tx import Tx

APART = timedelta(seconds=30)  # that a host's clock may differ from the database's
LONGEST = timedelta(hours=1)

READ = """
SELECT safe_at, safe_xid, next_at, next_xid,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS below,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS beyond,
       clock_timestamp() AS at
FROM books_mark
"""
LOCK = "SELECT FROM books_mark FOR UPDATE"

MOVE = """
UPDATE books_mark SET safe_at = %(safe_at)s, safe_xid = %(safe_xid)s,
  next_at = %(next_at)s, next_xid = %(next_xid)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where the books stand: what is safe, what waits to be, and how things are now."""

    safe_at: datetime | None
    safe_xid: int | None
    next_at: datetime | None
    next_xid: int | None
    below: int  #: every transaction below is over
    beyond: int  #: no transaction from here on has begun
    at: datetime

    @property
    def since(self) -> datetime | None:
        """From which moment on a step must look; None where it may lean on nothing."""
        return self.safe_at - APART if self.safe_at and self._is_of_this_server else None

    @property
    def _is_of_this_server(self) -> bool:
        known = max(self.safe_xid or 0, self.next_xid or 0)
        return known <= self.beyond

    def after_step(self) -> dict[str, object]:
        """Say where the mark goes behind a step that began now."""
        if self.next_at is None or self.next_xid is None or self.next_xid <= self.below:
            return self._noted(self.next_at, self.next_xid)
        return {
            "safe_at": self.safe_at,
            "safe_xid": self.safe_xid,
            "next_at": self.next_at,
            "next_xid": self.next_xid,
        }

    def after_whole(self) -> dict[str, object]:
        """Say where the mark goes behind a whole run that began now."""
        return self._noted(self.at - LONGEST, self.below)

    def _noted(self, safe_at: datetime | None, safe_xid: int | None) -> dict[str, object]:
        return {
            "safe_at": safe_at,
            "safe_xid": safe_xid,
            "next_at": self.at,
            "next_xid": self.beyond,
        }


def read(tx: Tx) -> Mark:
    """Read the mark, and how things are now."""
    return Mark(**tx.exec_driver_sql(READ).one()._mapping)


def lock(tx: Tx) -> None:
    """Wait until no other run is under way, and keep others waiting."""
    tx.exec_driver_sql(LOCK)


def move(tx: Tx, to: Mapping[str, object]) -> None:
    """Write where the next step starts from."""
    tx.exec_driver_sql(MOVE, dict(to))
