"""How much of each cap a message meets where it would arrive. Pure.

Caps share what they count: whoever has ten of them reads a person's row three or four times, not
ten. Which caps look at which part of the row hangs on the table alone, so that is worked out once.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.hub.cap_rules import ROLLING_SECONDS, CapRule, Caps, Obeyed, Per, ceiling
from app.hub.cap_windows import filled
from app.hub.pressure import BELL, INBOX, SECONDS, about_of, mask, seconds_of
from app.hub.question import Channels, Question
from app.hub.quiet_hours import plan


class Arrival(NamedTuple):
    """Channels that a message arrives on at one time, as bits; seconds since 1970."""

    bits: int
    second: int


class Ask(NamedTuple):
    """One window that has to be filled: of which cap, at which arrival, from which of the lists."""

    cap: int
    arrival: int
    heard: int
    per: Per
    seconds: int  #: that it rolls over; 0 for one of the calendar


class Asks(NamedTuple):
    """What to look at for some arrivals; `lists` are what counts, and where."""

    lists: Sequence[tuple[CapRule, int]]
    windows: Sequence[Ask]


class Held(NamedTuple):
    """The caps that a sort of notice is held to, the shop's ceiling first."""

    caps: Caps
    most: int | None  #: of the ceiling; None where there is none
    mark: int
    obeyed: Sequence[Obeyed]


def held_to(question: Question) -> Held:
    """Say which caps a notice obeys."""
    notice, bounds = question.notice, question.bounds
    return _held_to(bounds.caps, bounds.cap.most if notice.is_capped else None, about_of(notice))


@lru_cache(maxsize=256)
def _held_to(caps: Caps, most: int | None, mark: int) -> Held:
    obeyed = caps.obeyed.get(mark, ())
    return Held(caps, most, mark, obeyed if most is None else (ceiling(most, mark), *obeyed))


def heard_by(held: Held, question: Question, channels: Channels) -> list[int]:
    """Count, for each cap that is obeyed, what its fullest window holds around the message."""
    zone, pressure = question.person.zone, question.pressure
    arrivals = _arrivals(question, channels)
    where = tuple([arrival.bits for arrival in arrivals])
    lists, windows = _asks(held.caps, held.most, held.mark, where)
    heard_at = [entries(pressure, rule, surface) for rule, surface in lists]
    counts = [0] * len(held.obeyed)
    for cap, arrival, heard, per, seconds in windows:
        times, second = heard_at[heard], arrivals[arrival].second
        if not times:
            continue
        if seconds and times[-1] <= second:  # as almost always: nothing waits for a later time
            count = len(times) - bisect_left(times, second - seconds)
        else:
            count = filled(times, second, per, zone)
        counts[cap] = max(counts[cap], count)
    return counts


def _arrivals(question: Question, channels: Channels) -> list[Arrival]:
    """Say when a message arrives where: its inbox line now, its bells now or when they may."""
    now, bits = seconds_of(question.now), mask(channels)
    arrivals = [Arrival(INBOX, now)] if bits & INBOX else []
    if bits & BELL:
        planned = plan(question, channels)
        if ringing := mask(planned.at_once) & BELL:
            arrivals.append(Arrival(ringing, now))
        if planned.until is not None and planned.held:
            arrivals.append(Arrival(mask(planned.held), seconds_of(planned.until)))
    return arrivals


@lru_cache(maxsize=1024)
def _asks(caps: Caps, most: int | None, mark: int, where: tuple[int, ...]) -> Asks:
    """Work out what has to be looked at; a cap on everything counts lines and bells apart."""
    lists: dict[tuple[frozenset[int], int], tuple[CapRule, int]] = {}
    windows = []
    for cap, (rule, _) in enumerate(_held_to(caps, most, mark).obeyed):
        per = rule.limit.per
        for arrival, bits in enumerate(where):
            if bits & rule.limit.mask:
                surface = rule.limit.mask & (INBOX if bits == INBOX else BELL)
                lists.setdefault((rule.counts, surface), (rule, surface))
                place = list(lists).index((rule.counts, surface))
                windows.append(Ask(cap, arrival, place, per, ROLLING_SECONDS.get(per, 0)))
    return Asks(tuple(lists.values()), tuple(windows))


def entries(pressure: Sequence[int], rule: CapRule, surface: int) -> list[int]:
    """Return when a person heard, or will hear, what counts against a cap on a surface.

    In order of time, in seconds since 1970.
    """
    counts = rule.counts
    times = [
        number >> 16 & SECONDS
        for number in pressure
        if number & surface and number >> 8 & 0xFF in counts
    ]
    times.sort()  # rows are in order; who asks what might have been need not be
    return times
