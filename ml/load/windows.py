"""Promotions as times: what each brought beside the usual, and what the next is taken to bring.

Each promotion, those that are over included, is given the multiplier that was learnt from those
that had ended before it began: a backtest then sees no more than anybody did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from ml.load.events import Event, Held, Uplift
from ml.load.grid import lay, row_at
from ml.load.series import SLOT, Floats, Series
from ml.load.uplift import Learnt
from ml.load.weekly import four_weeks

MOST_LEARNT = 8  # promotions; older ones say little of the next
LOOKED_BACK = 10 * 7 * 48  # slots that what is usual is looked up in
MARKED = 2.0  # any multiplier but 1 marks a half hour as no ordinary one


@dataclass(frozen=True, kw_only=True)
class Window:
    """The time of a promotion."""

    reference: str
    starts_at: datetime
    ends_at: datetime

    def as_event(self) -> Event:
        """Return it as what the multiplier is learnt from: its kind and audience are not told."""
        return Event(starts_at=self.starts_at, ends_at=self.ends_at)

    def share_of(self, slot: datetime) -> float:
        """Return how much of a half hour lies in it, from 0 to 1."""
        since, until = max(self.starts_at, slot), min(self.ends_at, slot + SLOT)
        return max((until - since) / SLOT, 0.0)


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """What promotions taught by now, and what is planned with."""

    held: Mapping[str, Held]  #: those that taught the next one's, by reference
    next: Uplift
    times: Floats  #: of each slot from the series' start to the horizon's end; 1 where none is
    part: Floats  #: how much of `times` the promotion makes, from 0 to 1


def lessons(series: Series, windows: Sequence[Window], *, now: datetime, rows: int) -> Lessons:
    """Learn from the promotions that are over, and say what each slot is multiplied by.

    Args:
        series: What came; its first group is the whole.
        windows: Promotions, past and to come.
        now: Nothing that ends later teaches.
        rows: Slots from the series' start to the horizon's end.
    """
    ordered = sorted(windows, key=lambda one: (one.starts_at, one.reference))
    shares = [_shares(one, series, rows) for one in ordered]
    marked = np.where(np.any([np.zeros(rows), *shares], axis=0), MARKED, 1.0)
    held = {
        one.reference: found
        for one, share in zip(ordered, shares, strict=True)
        if one.ends_at <= now and (found := _held(series, one, share, marked))
    }
    times, part = np.ones(rows), np.zeros(rows)
    for one, share in zip(ordered, shares, strict=True):
        before = _before(ordered, held, min(one.starts_at, now))
        mean = Learnt(before).of(one.as_event()).mean
        own = 1 + share * (mean - 1)
        is_more = share * mean / own > part
        times, part = np.where(is_more, own, times), np.maximum(part, share * mean / own)
    last = _before(ordered, held, now)
    named = {name: one for name, one in held.items() if one in last}
    following = Learnt(last).of(Event(starts_at=now, ends_at=now))
    return Lessons(held=named, next=following, times=times, part=part)


def _before(ordered: Sequence[Window], held: Mapping[str, Held], at: datetime) -> Sequence[Held]:
    """Return what the last promotions that had ended by then brought."""
    over = sorted((one for one in ordered if one.ends_at <= at), key=lambda one: one.ends_at)
    known = [held[one.reference] for one in over if one.reference in held]
    return known[-MOST_LEARNT:]


def _shares(window: Window, series: Series, rows: int) -> Floats:
    shares = np.zeros(rows)
    first, last = row_at(series, window.starts_at), row_at(series, window.ends_at)
    for row in range(max(first, 0), min(last + 1, rows)):
        shares[row] = window.share_of(series.slot_at(row))
    return shares


def _held(series: Series, window: Window, share: Floats, marked: Floats) -> Held | None:
    """Return what a promotion brought and what is usual; None where that is not on record."""
    rows = np.flatnonzero(share)
    if not len(rows) or rows[-1] >= len(series.contacts) or window.starts_at < series.starts_at:
        return None
    cut = max(int(rows[0]) - LOOKED_BACK, 0)
    whole = replace(
        series,
        starts_at=series.slot_at(cut),
        groups=series.groups[:1],
        contacts=series.contacts[cut:, :1],
    )
    grid = lay(whole, origin=window.starts_at, multiplier=marked[cut : rows[-1] + 1, None])
    usual = four_weeks(grid, origin=grid.origin, leads=np.arange(grid.days - grid.origin))[..., 0]
    of_rows = usual[grid.day_of_row[rows - cut] - grid.origin, grid.slot_of_row[rows - cut]]
    came = series.contacts[rows, 0]
    if np.isnan(came).any() or np.isnan(of_rows).any():
        return None
    event = window.as_event()
    return Held(event=event, came=float(share[rows] @ came), usual=float(share[rows] @ of_rows))
