"""What a clock on the wall shows, in a zone, as an instant: and whether it shows it at all. Pure.

A time that a change of the clocks skips stands for the first instant after the gap; one that comes
twice stands for its first coming. Both are the rule of quiet hours too, and the same code.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.hub.quiet_hours import instant


class Shown(StrEnum):
    """How a zone's clocks show a wall time on that day."""

    ONCE = "once"
    NEVER = "never"  #: the clocks jump over it
    TWICE = "twice"  #: the clocks go back to it


@dataclass(frozen=True, slots=True)
class Reading:
    """The instant that a wall time stands for in a zone, in UTC."""

    at: datetime
    shown: Shown


def read(wall: datetime, zone: str) -> Reading:
    """Say which instant a wall time stands for in a zone.

    Raises:
        ValueError: If `wall` names a zone of its own: a clock on a wall does not.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time names no zone")
    return Reading(instant(wall.date(), wall.time(), zone), _shown(wall, zone))


def _shown(wall: datetime, zone: str) -> Shown:
    """Compare both readings of the time: they differ where the clocks change, gap or overlap."""
    place = ZoneInfo(zone)
    early, late = (wall.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1))
    if early is None or late is None or early == late:
        return Shown.ONCE
    return Shown.TWICE if early > late else Shown.NEVER
