"""Where people are missing: the half hours that follow each other, as one stretch. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.forecast.plan import PlannedSlot
from ml.load.slots import SLOT


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Half hours of one day in which too few are rostered; the people are those of the worst."""

    since: datetime
    until: datetime
    worst_at: datetime
    needed: int
    rostered: int

    @property
    def missing(self) -> int:
        """How many are missing in the worst half hour."""
        return self.needed - self.rostered

    @property
    def is_one_slot(self) -> bool:
        """Whether it is a single half hour, which then is the worst."""
        return self.until - self.since == SLOT


def shortfalls(slots: Sequence[PlannedSlot], zone: ZoneInfo) -> Sequence[Shortfall]:
    """Return the stretches in which people are missing, in order; none goes past midnight.

    Half hours in which the desk is closed are none of them: who writes then waits until it opens.
    """
    found: list[list[PlannedSlot]] = []
    for slot in slots:
        if not slot.is_missing_people:
            continue
        if found and _follows(found[-1][-1], slot, zone):
            found[-1].append(slot)
        else:
            found.append([slot])
    return [_stretch(run) for run in found]


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of a time by the shop's calendar."""
    return at.astimezone(zone).date()


def _follows(before: PlannedSlot, slot: PlannedSlot, zone: ZoneInfo) -> bool:
    is_next = slot.slot - before.slot == SLOT
    return is_next and day_of(before.slot, zone) == day_of(slot.slot, zone)


def _stretch(run: Sequence[PlannedSlot]) -> Shortfall:
    worst = max(run, key=lambda slot: slot.people_short)
    return Shortfall(
        since=run[0].slot,
        until=run[-1].slot + SLOT,
        worst_at=worst.slot,
        needed=worst.people_needed,
        rostered=worst.people_rostered,
    )
