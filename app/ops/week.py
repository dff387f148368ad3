"""A person's last days as a strip: what rang, waited, was folded or was not sent. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

DAYS = 7
A_DAY = timedelta(days=1)


class Mark(StrEnum):
    """What became of one notice."""

    RUNG = "rung"
    WAITED = "waited"
    FOLDED = "folded"
    NOT_SENT = "not_sent"


MARKS = {
    "send": Mark.RUNG,
    "wait": Mark.WAITED,
    "digest": Mark.FOLDED,
    "downgrade": Mark.FOLDED,
    "skip": Mark.NOT_SENT,
}


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the strip, on the person's own calendar."""

    date: date
    marks: list[tuple[Mark, str]] = field(default_factory=list)  #: with the notice, oldest first

    def count(self, mark: Mark) -> int:
        """Count one kind of mark."""
        return sum(one is mark for one, _ in self.marks)


def week(verdicts: Iterable[Any], *, now: datetime, zone: str) -> Sequence[Day]:
    """Lay out the last seven days of a person, today the last.

    Args:
        verdicts: Rows of `verdict`, in any order.
        zone: The person's own.
    """
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    days: dict[date, list[tuple[Mark, str]]] = {
        today - A_DAY * back: [] for back in reversed(range(DAYS))
    }
    for one in sorted(verdicts, key=lambda row: (row.decided_at, row.id)):
        marks = days.get(one.decided_at.astimezone(place).date())
        if marks is not None and one.answer in MARKS:
            marks.append((MARKS[one.answer], one.notice))
    return [Day(date=day, marks=marks) for day, marks in days.items()]
