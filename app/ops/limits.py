"""Where the record ends when somebody asks why: whoever was erased, months that went."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.db.retention_store import kept_since
from app.words.say import say
from orders_core.tx import Tx

VERDICTS = "verdict"


class Ends(StrEnum):
    """Why the record ends."""

    ERASED = "erased"  #: the person was erased: no choice, address or word of theirs is left
    PURGED = "purged"  #: what was decided before a day was dropped


@dataclass(frozen=True, kw_only=True)
class Limit:
    """An end of the record; `on` is the day of the erasure, or the first day that is kept."""

    ends: Ends
    on: date

    def words(self, locale: str) -> str:
        """Say what is missing, and what is left."""
        return say(locale, f"limit.{self.ends}", day=self.on)


def limits(tx: Tx, *, began: datetime, erased_at: datetime | None, zone: str) -> list[Limit]:
    """Return the ends of the record about somebody or something that `began` once.

    Args:
        erased_at: When the person was erased; None if they were not.
    """
    found = []
    if erased_at is not None:
        day = erased_at.astimezone(ZoneInfo(zone)).date()
        found.append(Limit(ends=Ends.ERASED, on=day))
    since = kept_since(tx).get(VERDICTS)
    if since is not None and began.date() < since:
        found.append(Limit(ends=Ends.PURGED, on=since))
    return found
