"""What a calendar knows of a day long before: weekday, turn of the month, holidays, make-up days.

In China a public holiday is lengthened by days off that are worked in on a weekend (调休); such a
weekend day is a working day. The `holidays` package knows both.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ml.load.grid import Ints
from ml.load.series import Floats

Flags = NDArray[np.bool_]

FAR = 15  # days; a holiday or a promotion further away does not matter
SATURDAY = 5
ORDINARY, HOLIDAY, MADE_UP = 0, 1, 2
MARGIN = 40  # days looked at on either side, so that whole months are counted
MID_MONTH = 10  # working days
MONTH_WINDOW = 3.0  # working days that one column of the month's turn reaches


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """One figure for each day."""

    weekday: Ints  #: 0 Monday to 6
    day_of_month: Ints
    turn: Ints  #: working days since the month began; from its middle on minus those to its end
    kind: Ints  #: ORDINARY, HOLIDAY (a day off that falls on it included) or MADE_UP
    since: Ints  #: days since the last holiday, at most FAR
    until: Ints  #: days to the next, at most FAR

    def columns(self) -> Floats:
        """Return indicators and bumps for a linear model of the day: days × columns, 0 to 1."""
        bumps = np.arange(-11, 11, MONTH_WINDOW)
        parts = [
            self.weekday[:, None] == np.arange(7),
            np.exp(-0.5 * ((self.turn[:, None] - bumps) / MONTH_WINDOW) ** 2),
            self.kind[:, None] == np.array([HOLIDAY, MADE_UP]),
            ((self.since[:, None] == np.array([1, 2, 3])) & (self.kind[:, None] != HOLIDAY)),
            ((self.until[:, None] == np.array([1, 2])) & (self.kind[:, None] != HOLIDAY)),
            _after_a_pause(self)[:, None],
        ]
        return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts], axis=1)


def calendar(first: date, *, days: int, country: str) -> Calendar:
    """Return the calendar of `days` days from `first` on.

    Args:
        first: The first day.
        days: How many.
        country: Two letters; where empty or not known to `holidays`, no day is a holiday.
    """
    all_days = [first + timedelta(days=step) for step in range(-MARGIN, days + MARGIN)]
    kind = _kinds(all_days, country)
    weekday = np.array([day.weekday() for day in all_days])
    is_worked = (kind == MADE_UP) | ((kind == ORDINARY) & (weekday < SATURDAY))
    since, until = distances(kind == HOLIDAY)
    here = slice(MARGIN, MARGIN + days)
    return Calendar(
        weekday=weekday[here],
        day_of_month=np.array([day.day for day in all_days])[here],
        turn=_turn(np.array([day.year * 12 + day.month for day in all_days]), is_worked)[here],
        kind=kind[here],
        since=since[here],
        until=until[here],
    )


def distances(marked: Flags) -> tuple[Ints, Ints]:
    """Return the days since the last marked day and until the next, 0 on one, at most FAR."""
    at = np.flatnonzero(marked)
    days = np.arange(len(marked))
    if not len(at):
        return np.full(len(marked), FAR), np.full(len(marked), FAR)
    last = at[np.maximum(np.searchsorted(at, days, side="right") - 1, 0)]
    coming = at[np.minimum(np.searchsorted(at, days), len(at) - 1)]
    since = np.where(last <= days, days - last, FAR)
    until = np.where(coming >= days, coming - days, FAR)
    return np.minimum(since, FAR), np.minimum(until, FAR)


def _kinds(days: list[date], country: str) -> Ints:
    from holidays import country_holidays, list_supported_countries

    if country not in list_supported_countries():
        return np.full(len(days), ORDINARY, dtype=np.int64)
    known = country_holidays(country, years=range(days[0].year, days[-1].year + 1))

    def kind(day: date) -> int:
        if day in known:
            return HOLIDAY
        is_made_up = day.weekday() in known.weekend and known.is_working_day(day)
        return MADE_UP if is_made_up else ORDINARY

    return np.array([kind(day) for day in days], dtype=np.int64)


def _turn(months: Ints, is_worked: Flags) -> Ints:
    """Return the place of each day among its month's working days: 0, 1, … or …, -2, -1."""
    turn = np.zeros(len(months), dtype=np.int64)
    for month in np.unique(months):
        days = months == month
        before = np.cumsum(is_worked[days]) - is_worked[days]
        turn[days] = np.where(before <= MID_MONTH, before, before - is_worked[days].sum())
    return turn


def _after_a_pause(of: Calendar) -> Flags:
    """Return which days are the first working day after a holiday and the weekend beside it."""
    is_off = (of.kind == HOLIDAY) | ((of.kind == ORDINARY) & (of.weekday >= SATURDAY))
    holiday_lately = False
    found = np.zeros(len(of.kind), dtype=bool)
    for day, off in enumerate(is_off):
        if not off:
            found[day] = holiday_lately
        holiday_lately = off and (holiday_lately or of.kind[day] == HOLIDAY)
    return found
