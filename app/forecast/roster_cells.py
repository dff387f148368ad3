"""The cells of one row of a roster: its day, its stretch of the clock, its people. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.forecast.roster import begins_slot, slots_between, slots_on_clock

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_DIGITS = 6
A_DAY = timedelta(days=1)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
CLOCK = re.compile(
    r"(?:(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:T|\s+))?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::00(?:\.0+)?)?\s*(?P<off>Z|[+-]\d\d:?\d\d)?"
)
TO = re.compile(r"\s*(?:–|—|~|至|到|(?<=\d)\s*-\s*(?=\d{1,2}:))\s*")


class Refused(ValueError):
    """A cell cannot be read; `code` says why, `field` which, `value` what stands there."""

    def __init__(self, field: str, code: str, value: str = "") -> None:
        self.field, self.code, self.value = field, code, value
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, kw_only=True)
class _Read:
    at: datetime  #: with a zone where the cell names one, else as the shop's clock shows it
    has_day: bool


def people_in(text: str) -> int:
    """Read how many people; 0 takes a stretch off the roster.

    Raises:
        Refused: If it is no whole number from 0 to 100,000.
    """
    if not text:
        raise Refused("people", "missing")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Refused("people", "bad_people", text)
    return int(text)


def covered(row: Mapping[str, str], zone: ZoneInfo) -> Sequence[datetime]:
    """Return the half hours (UTC) of a row.

    A stretch that ends before it begins ends on the next day; 24:00 is the end of its day.

    Raises:
        Refused: With the first cell that cannot be read.
    """
    since_cell, until_cell = _cells(row)
    since = _end("from", since_cell, row.get("date", ""), zone)
    until = _end("to", until_cell, row.get("date", "") or f"{since.at:%Y-%m-%d}", zone)
    if (since.at.tzinfo is None) != (until.at.tzinfo is None):
        raise Refused("to", "zone_mixed", until_cell)
    last = until.at
    if not until.has_day and last < since.at:
        last += A_DAY
    _check(since.at, last, until_cell)
    if since.at.tzinfo is not None:
        return slots_between(since.at, last)
    found = slots_on_clock(since.at, last, zone)
    if not found:
        raise Refused("from", "never_comes", since_cell)
    return found


def _cells(row: Mapping[str, str]) -> tuple[str, str]:
    since, until = row.get("from", ""), row.get("to", "")
    stretch = row.get("hours", "")
    if not stretch or since:
        return since, until
    ends = [one for one in TO.split(stretch) if one]
    if len(ends) != 2:  # noqa: PLR2004 - a stretch has two ends
        raise Refused("hours", "bad_stretch", stretch)
    return ends[0], ends[1]


def _end(name: str, text: str, day: str, zone: ZoneInfo) -> _Read:
    if not text:
        raise Refused(name, "missing")
    found = CLOCK.fullmatch(text)
    if found is None:
        raise Refused(name, "bad_time", text)
    hour, minute = int(found["hour"]), int(found["minute"])
    is_midnight = (hour, minute) == (24, 0) and name == "to"
    if not is_midnight and (hour > 23 or minute > 59):  # noqa: PLR2004 - of a clock
        raise Refused(name, "bad_time", text)
    on = _day(name if found["day"] else "date", found["day"] or day)
    clock = datetime.combine(on, time() if is_midnight else time(hour, minute))
    clock += A_DAY if is_midnight else timedelta()
    at = _placed(name, clock, found["off"])
    shown = at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)
    if not begins_slot(shown, zone):
        raise Refused(name, "not_half_hour", text)
    return _Read(at=at, has_day=is_midnight or found["day"] is not None)


def _placed(name: str, clock: datetime, off: str | None) -> datetime:
    if off is None:
        return clock
    try:
        return datetime.fromisoformat(f"{clock:%Y-%m-%dT%H:%M}{off}")
    except ValueError:
        raise Refused(name, "bad_time", off) from None


def _day(name: str, text: str) -> date:
    if not text:
        raise Refused("date", "missing")
    found = DAY.fullmatch(text)
    if found is None:
        raise Refused(name, "bad_date", text)
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Refused(name, "bad_date", text) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(name, "bad_year", text)
    return day


def _check(since: datetime, until: datetime, text: str) -> None:
    if until <= since:
        raise Refused("to", "ends_before_start", text)
    if until - since > A_DAY:
        raise Refused("to", "too_long", text)
