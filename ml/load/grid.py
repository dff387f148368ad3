"""A series laid out by the shop's clock: day after day, each of 48 half hours.

What lies seven days before is then seven rows up, in summer time as in winter. Where the clock is
put back, the second of two equal half hours stands; the half hours it skips stay empty.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ml.load.series import SLOT, Floats, Series

DAY_SLOTS = 48

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Days × 48 × groups, from the first day of the series to the last of the horizon."""

    first_day: date
    origin: int  #: the day of the origin; of it and of what follows no contacts are held
    day_of_row: Ints  #: of each slot of the series and of the horizon
    slot_of_row: Ints
    plain: Floats  #: contacts of ordinary half hours; NaN in promotions, when closed, from `origin`
    divided: Floats  #: contacts ÷ multiplier; NaN when closed, where it is 0, and from `origin`
    contacts: Floats  #: as they came; NaN when closed and from `origin`
    multiplier: Floats  #: 1 where no event

    @property
    def days(self) -> int:
        """How many days, the horizon's included."""
        return len(self.plain)

    @property
    def first_rows(self) -> Ints:
        """The first slot of each day, as a row of the series."""
        return np.searchsorted(self.day_of_row, np.arange(self.days))


def lay(series: Series, *, origin: datetime, multiplier: Floats) -> Grid:
    """Lay out whole days before the origin's day; what came after reads as not known.

    Args:
        series: What came; slots from the origin's day on are not looked at.
        origin: Aware; when the forecast is made.
        multiplier: Slots × groups from the series' start to the end of the horizon; 0 or more.
    """
    day_of_row, slot_of_row = _by_the_clock(series, len(multiplier))
    first = int(day_of_row[0])
    origin_day = _day(origin, series)
    days = int(day_of_row[-1]) - first + 1
    whole = int(np.searchsorted(day_of_row[: len(series.contacts)], origin_day))
    shape = (days, DAY_SLOTS, len(series.groups))
    contacts, times = np.full(shape, np.nan), np.ones(shape)
    contacts[day_of_row[:whole] - first, slot_of_row[:whole]] = series.contacts[:whole]
    times[day_of_row - first, slot_of_row] = multiplier
    return Grid(
        first_day=date.fromordinal(first),
        origin=origin_day - first,
        day_of_row=day_of_row - first,
        slot_of_row=slot_of_row,
        plain=np.where(times == 1, contacts, np.nan),
        divided=np.divide(contacts, times, out=np.full(shape, np.nan), where=times > 0),
        contacts=contacts,
        multiplier=times,
    )


def row_at(series: Series, at: datetime) -> int:
    """Return the row of the slot that holds an instant; it may lie past the end."""
    return (at - series.starts_at) // SLOT


def _day(at: datetime, series: Series) -> int:
    """Return the day's ordinal, by whole half hours of the shop's offset from UTC."""
    started = series.starts_at + row_at(series, at) * SLOT
    offset = started.astimezone(series.zone).utcoffset() or timedelta()
    return (started.astimezone(UTC) + offset // SLOT * SLOT).toordinal()


def _by_the_clock(series: Series, rows: int) -> tuple[Ints, Ints]:
    """Return the day's ordinal and the half hour of the day, of each row."""
    start = series.starts_at.astimezone(UTC)
    offsets = np.fromiter(
        (
            ((start + row * SLOT).astimezone(series.zone).utcoffset() or timedelta()) // SLOT
            for row in range(rows)
        ),
        dtype=np.int64,
        count=rows,
    )
    began = start.toordinal() * DAY_SLOTS + start.hour * 2 + start.minute // 30
    local = began + np.arange(rows) + offsets
    return np.maximum.accumulate(local // DAY_SLOTS), local % DAY_SLOTS
