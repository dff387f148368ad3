"""What may happen to a shop, and how many would write because of it: units × a rate, by half hour.

A happening is units of its cause by half hour: messages sent, parcels late on a day, orders short
on a day, visitors met by an outage. A rate says how many of a group write for one unit; it is
learnt from the shop's own past by `ml.load.responses`, told by who asks, or one of `PRIORS`. What
several add together, `ml.load.together` counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ml.load.sends import CONTACTS_PER_THOUSAND, contacts_after
from ml.load.slots import SLOT, midnight, slot_of

AFTER_OUTAGE = timedelta(hours=3)
SPREAD = 0.5  # relative deviation of a rate that was told


class Cause(StrEnum):
    """What makes people write, by the unit that a rate is for."""

    MESSAGE = "message"
    LATE_PARCEL = "late_parcel"  #: and day
    SHORT_ORDER = "short_order"  #: and day
    OUTAGE = "outage"  #: a visitor while it lasts
    AFTER_OUTAGE = "after_outage"  #: the same visitor, in the three hours after it


class Known(StrEnum):
    """How a rate is known."""

    ASSUMED = "assumed"
    TOLD = "told"
    LEARNT = "learnt"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How many of a group write for one unit of a cause."""

    cause: Cause
    about: str  #: one of `GROUPS`
    mean: float
    sd: float  #: of what is believed of the mean
    known: Known = Known.ASSUMED
    units: float = 0.0  #: that it was learnt from
    days: int = 0  #: that it was learnt from


def _assumed(cause: Cause, about: str, mean: float, spread: float) -> Rate:
    return Rate(cause=cause, about=about, mean=mean, sd=mean * spread)


#: Assumptions of ours, named as such in every answer; a shop's own past soon outweighs them.
PRIORS: Sequence[Rate] = (
    _assumed(Cause.MESSAGE, "presale", CONTACTS_PER_THOUSAND / 1000, 0.5),
    _assumed(Cause.LATE_PARCEL, "where", 0.08, 0.6),
    _assumed(Cause.LATE_PARCEL, "delivery", 0.03, 0.6),
    _assumed(Cause.SHORT_ORDER, "presale", 0.2, 0.6),
    _assumed(Cause.OUTAGE, "payment", 0.06, 0.8),
    _assumed(Cause.AFTER_OUTAGE, "payment", 0.02, 0.8),
)


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Messages that leave evenly from a time on."""

    audience: int
    starts_at: datetime
    minutes: int  #: over which they leave; up to a week
    contacts_per_thousand: float | None = None  #: None: learnt, or assumed


@dataclass(frozen=True, kw_only=True)
class DelayedParcels:
    """Parcels that stay past their promise for some days of the shop's calendar."""

    parcels: int
    told_at: datetime
    days: int  #: that of `told_at` included


@dataclass(frozen=True, kw_only=True)
class StockOut:
    """Goods that so many orders a day want and do not get."""

    orders_a_day: int
    starts_at: datetime
    days: int  #: that of `starts_at` included


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A time in which visitors can neither order nor pay."""

    visitors: int  #: who are met by it, evenly while it lasts
    starts_at: datetime
    ends_at: datetime


Happening = Campaign | DelayedParcels | StockOut | Outage
Units = Mapping[datetime, float]


def rates_of(one: Happening, cause: Cause, rates: Sequence[Rate]) -> Sequence[Rate]:
    """Return how many of each group write for one unit of a happening's cause."""
    if isinstance(one, Campaign) and one.contacts_per_thousand is not None:
        mean = one.contacts_per_thousand / 1000
        return [Rate(cause=cause, about="presale", mean=mean, sd=SPREAD * mean, known=Known.TOLD)]
    return [rate for rate in rates if rate.cause is cause]


def units_of(one: Happening, plan: Units, zone: ZoneInfo) -> Mapping[Cause, Units]:
    """Return the units of each cause that a happening brings, by half hour.

    Args:
        one: What happens.
        plan: Contacts expected by half hour; what lasts for days follows its course in each.
        zone: The shop's; days are those of its calendar.
    """
    match one:
        case Campaign():
            ends_at = one.starts_at + timedelta(minutes=one.minutes)
            return {Cause.MESSAGE: answered(_evenly(one.audience, one.starts_at, ends_at))}
        case DelayedParcels():
            return {Cause.LATE_PARCEL: _daily(one.parcels, one.told_at, one.days, plan, zone)}
        case StockOut():
            return {
                Cause.SHORT_ORDER: _daily(one.orders_a_day, one.starts_at, one.days, plan, zone)
            }
        case Outage():
            return {
                Cause.OUTAGE: _evenly(one.visitors, one.starts_at, one.ends_at),
                Cause.AFTER_OUTAGE: _evenly(one.visitors, one.ends_at, one.ends_at + AFTER_OUTAGE),
            }


def answered(messages: Mapping[datetime, float]) -> Units:
    """Return messages by the half hour in which who writes about them does, instead of sent."""
    found: dict[datetime, float] = {}
    for at, count in contacts_after(messages, per_thousand=1000).items():
        for slot in (at, at + SLOT):
            found[slot] = found.get(slot, 0.0) + count / 2
    return found


def _evenly(count: float, since: datetime, until: datetime) -> Units:
    """Spread a count over the half hours of a stretch, by how much of each lies in it."""
    found: dict[datetime, float] = {}
    slot = slot_of(since)
    if until <= since:
        return {slot: float(count)}
    while slot < until:
        inside = min(until, slot + SLOT) - max(since, slot)
        found[slot] = count * (inside / (until - since))
        slot += SLOT
    return found


def _daily(count: float, since: datetime, days: int, plan: Units, zone: ZoneInfo) -> Units:
    """Give each day the count, over its half hours as planned; of the first what is left of it."""
    found: dict[datetime, float] = {}
    for day in range(days):
        first, last = midnight(since, zone, days=day), midnight(since, zone, days=day + 1)
        slots = [first + step * SLOT for step in range((last - first) // SLOT)]
        whole = sum(plan.get(slot, 0.0) for slot in slots)
        for slot in slots:
            if whole > 0 and slot >= slot_of(since):
                found[slot] = count * plan.get(slot, 0.0) / whole
    return found
