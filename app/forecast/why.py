"""Why so many will write: what stands behind a day and the week's peaks, and what is up now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from app.forecast import exposures_store, plan_store, promotions
from app.forecast.judged import looks_at_exposures
from app.forecast.peaks import Behind, Peak, behind, ordinary, peaks
from app.forecast.plan import PlannedSlot
from app.forecast.promotions import Promotion
from app.forecast.standing import ASKED_ABOUT, LOOKED_BACK, WEEK, WEEKS, Counts, Standing, standing
from ml.load.slots import SLOT, midnight, slot_of
from orders_core.tx import Tx

MOST_PEAKS = 5


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A peak, and the promotions that are on while it lasts."""

    peak: Peak
    promotions: Sequence[Promotion]


@dataclass(frozen=True, kw_only=True)
class Up:
    """An exposure that stands above its usual, what it is asked about, and whether it counts."""

    of: Standing
    about: Sequence[str]
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Why:
    """What can be told of why so many will write."""

    day: Behind | None  #: of the day shown; None where it is not planned
    promotions: Sequence[Promotion]  #: that are on in the day shown
    multiplier: float  #: the largest of that day
    peaks: Sequence[Explained]  #: of the week, in the order of time
    up: Sequence[Up]  #: the least likely by chance first


@dataclass(frozen=True, kw_only=True)
class At:
    """When and of which forecast one asks."""

    now: datetime
    zone: ZoneInfo
    run: Row[Any] | None  #: the newest that is stored


def why(tx: Tx, planned: Sequence[PlannedSlot], shown: Sequence[datetime], at: At) -> Why:
    """Say what stands behind planned half hours and, apart, behind those shown."""
    typical = usual_week(tx, at)
    asked = frozenset(shown)
    slots = [one for one in planned if one.slot in asked]
    found = sorted(peaks(planned, typical, at.zone)[:MOST_PEAKS], key=lambda one: one.since)
    on = _promotions(tx, planned)
    return Why(
        day=behind(slots, typical, at.zone) if slots else None,
        promotions=_within(on, slots[0].slot, slots[-1].slot + SLOT) if slots else [],
        multiplier=max((one.multiplier for one in slots), default=1.0),
        peaks=[Explained(peak=one, promotions=_within(on, one.since, one.until)) for one in found],
        up=up(tx, at),
    )


def usual_week(tx: Tx, at: At) -> Mapping[time, float]:
    """Return what an ordinary day brings: the mean of the seven days from today's midnight on."""
    since, until = midnight(at.now, at.zone), midnight(at.now, at.zone, days=7)
    return ordinary(plan_store.plan(tx, since=since, until=until), at.zone)


def up(tx: Tx, at: At) -> Sequence[Up]:
    """Return what makes people write and stands above its usual, the least likely first."""
    until = slot_of(at.now)
    since = until - LOOKED_BACK - WEEKS * WEEK
    events: dict[str, dict[datetime, int]] = {}
    for one in exposures_store.read(tx, since=since, until=until):
        events.setdefault(one.name, {})[one.slot] = one.events
    first = exposures_store.known_since(tx, list(events))
    found = [standing(name, of, known_since=first[name], now=at.now) for name, of in events.items()]
    facts = at.run.facts or {} if at.run else {}
    learnt_until = midnight(at.run.made_at, at.zone) if at.run else since
    shown = [
        Up(
            of=one,
            about=ASKED_ABOUT[one.name],
            counts=one.counts(
                looked_at=looks_at_exposures(facts, one.name), learnt_until=learnt_until
            ),
        )
        for one in found
        if one is not None
    ]
    return sorted(shown, key=lambda one: (one.of.chance, one.of.name))


def _promotions(tx: Tx, planned: Sequence[PlannedSlot]) -> Sequence[Promotion]:
    if not planned:
        return []
    return promotions.between(tx, since=planned[0].slot, until=planned[-1].slot + SLOT)


def _within(on: Sequence[Promotion], since: datetime, until: datetime) -> Sequence[Promotion]:
    return [one for one in on if one.starts_at < until and one.ends_at > since]
