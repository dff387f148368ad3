"""The plan of the coming days: contacts and people, hour by hour. Pure, and so reproducible.

`expected = usual × promotion × level of today + added by messages`; people by Erlang A over the
range in which the rate of contacts may lie.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ml.load.baseline import (
    HOUR,
    UNSEEN,
    Past,
    Usual,
    level_today,
    looking_back,
    week_to_week,
)
from ml.load.events import Event, Held, Uplift
from ml.load.interval import interval, rate_quantile
from ml.load.sends import contacts_after
from ml.staffing.people import Target, people_needed

DAYS = 8  # today and the seven that follow
SENDS_SPREAD = 0.5  # what messages add is assumed, and may well be half or half as much again
RATES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the rate's distribution, each standing for a fifth
A_WEEK = 168


@dataclass(frozen=True, kw_only=True)
class Window:
    """The time of a promotion."""

    reference: str
    starts_at: datetime
    ends_at: datetime

    def share_of(self, hour: datetime) -> float:
        """Return how much of an hour lies in it, from 0 to 1."""
        since, until = max(self.starts_at, hour), min(self.ends_at, hour + HOUR)
        return max((until - since) / HOUR, 0.0)

    def as_event(self) -> Event:
        """Return it as what the multiplier is learnt from: its kind and audience are not told."""
        return Event(starts_at=self.starts_at, ends_at=self.ends_at)

    def hours(self) -> Sequence[datetime]:
        """Return every hour that it touches."""
        first = hour_of(self.starts_at)
        return [first + step * HOUR for step in range(math.ceil((self.ends_at - first) / HOUR))]


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything a plan is made of, as it is known at `now`."""

    now: datetime
    zone: ZoneInfo
    counts: Mapping[datetime, int]  #: contacts by the hour, of all that is on record
    windows: Sequence[Window]  #: promotions, past and to come
    messages: Mapping[datetime, int]  #: that are to be sent, by the hour
    person_share: float  #: of contacts that need a person, 0 to 1
    target: Target


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One hour of the plan; contacts but for `people_needed`."""

    hour: datetime
    weeks_used: int
    baseline: float
    multiplier: float
    level: float
    added: float
    expected: float
    low: int
    high: int
    people_needed: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The hours, and how they were found."""

    hours: Sequence[Hour]
    multiplier: Uplift
    held: Mapping[str, Held]  #: promotions that taught the multiplier, by reference
    moved: float  #: relative deviation of the level from week to week
    level: float


@dataclass(frozen=True, kw_only=True)
class _Signs:
    """What is learnt from the past before any hour is planned."""

    known: Known
    usual: Callable[[datetime], Usual]
    multiplier: Uplift
    moved: float
    added: Mapping[datetime, float]
    level: float = 1.0
    people: Callable[[tuple[float, ...]], int] = field(default=lambda _: 0)


def hour_of(at: datetime) -> datetime:
    """Return the beginning of a time's hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def days_ahead(now: datetime, zone: ZoneInfo, *, days: int = DAYS) -> Sequence[datetime]:
    """Return the hours from the shop's last midnight on, for so many days of its calendar."""
    today = now.astimezone(zone).date()
    first, last = (
        hour_of(datetime.combine(day, time(), zone).astimezone(now.tzinfo))
        for day in (today, today + timedelta(days=days))
    )
    return [first + step * HOUR for step in range(round((last - first) / HOUR))]


def make_plan(known: Known) -> Plan:
    """Plan today and the seven days that follow; hours like none before are left out.

    The hours of today that are over are planned as at midnight: they show how the day was foreseen.
    """
    from ml.load.uplift import Learnt  # its numpy is for the worker, not for the web

    hours = days_ahead(known.now, known.zone)
    past = Past(counts=known.counts, zone=known.zone, excluded=_in_promotions(known))
    usual = lru_cache(maxsize=None)(looking_back(past, known_until=hour_of(known.now)))
    held = _held(known, past, usual)
    multiplier = Learnt(list(held.values())).of(_next(known))
    signs = _Signs(
        known=known,
        usual=usual,
        multiplier=multiplier,
        moved=week_to_week(usual(hour) for hour in hours[-A_WEEK:]),
        added=contacts_after(known.messages),
        people=lru_cache(maxsize=None)(lambda rates: people_needed(rates, known.target)),
    )
    level = _level(signs, hours)
    ends_today = hours[0] + 24 * HOUR
    planned = [
        _hour(signs, hour, level=level if hour_of(known.now) <= hour < ends_today else 1.0)
        for hour in hours
        if usual(hour).weeks_used
    ]
    return Plan(hours=planned, multiplier=multiplier, held=held, moved=signs.moved, level=level)


def _in_promotions(known: Known) -> frozenset[datetime]:
    return frozenset(hour for window in known.windows for hour in window.hours())


def _next(known: Known) -> Event:
    """Return any promotion still to come: all are alike as long as their kind is not told."""
    return Event(starts_at=known.now, ends_at=known.now)


def _held(known: Known, past: Past, usual: Callable[[datetime], Usual]) -> Mapping[str, Held]:
    """Return what each promotion that is over brought, where its days are on record."""
    recorded = past.recorded_days()
    held = {}
    for window in known.windows:
        hours = window.hours()
        is_over = window.ends_at <= known.now
        if is_over and all(hour.astimezone(known.zone).date() in recorded for hour in hours):
            held[window.reference] = Held(
                event=window.as_event(),
                came=sum(window.share_of(hour) * known.counts.get(hour, 0) for hour in hours),
                usual=sum(window.share_of(hour) * usual(hour).mean for hour in hours),
            )
    return held


def _level(signs: _Signs, hours: Sequence[datetime]) -> float:
    over = [hour for hour in hours if hour < hour_of(signs.known.now)]
    return level_today(
        came=sum(signs.known.counts.get(hour, 0) for hour in over),
        planned=sum(_hour(signs, hour, level=1.0).expected for hour in over),
        hours=len(over),
    )


def _hour(signs: _Signs, hour: datetime, *, level: float) -> Hour:
    usual, added = signs.usual(hour), signs.added.get(hour, 0.0)
    share = max((window.share_of(hour) for window in signs.known.windows), default=0.0)
    times = 1 + share * (signs.multiplier.mean - 1)
    known_part = usual.mean * times * level
    expected = known_part + added
    # Where none ever came, the range still leaves room for one.
    middle = max(known_part, UNSEEN / max(usual.weeks_used, 1) * times) + added
    spread = _spread(signs, usual, share * signs.multiplier.mean / times, added / middle)
    low, high = interval(middle, spread=spread)
    per_person = expected * signs.known.person_share
    rates = tuple(round(rate_quantile(per_person, at, spread=spread), 1) for at in RATES)
    return Hour(
        hour=hour,
        weeks_used=usual.weeks_used,
        baseline=usual.mean,
        multiplier=times,
        level=level,
        added=added,
        expected=expected,
        low=min(low, math.floor(expected)),
        high=high,
        people_needed=signs.people(rates),
    )


def _spread(signs: _Signs, usual: Usual, by_promotion: float, by_sends: float) -> float:
    """Return the relative deviation of an hour's rate: its parts are independent of each other.

    `by_promotion` is how much of the multiplier the promotion makes, `by_sends` the share of all
    contacts that messages make.
    """
    of_usual = usual.spread**2 + signs.moved**2 + (by_promotion * signs.multiplier.spread) ** 2
    return math.sqrt((1 - by_sends) ** 2 * of_usual + (by_sends * SENDS_SPREAD) ** 2)
