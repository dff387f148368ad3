"""What a person's packed row forgets when it is full: first what no cap will ever count. Pure.

A cap is full as soon as its window holds `most`, so of the past only the newest `most` that it
counts can matter, on each surface it counts apart. A row grows beyond its 64 entries only where the
caps together count more: to be exact goes before to be short.
"""

from collections.abc import Sequence

from app.hub.bounds import Bounds
from app.hub.cap_rules import EVERYTHING, CapRule, ceiling
from app.hub.catalogue import Kind
from app.hub.pressure import BELL, INBOX, KIND_CODES, MOST_ENTRIES, SECONDS


def remembered(recent: Sequence[int], bounds: Bounds, *, now_seconds: int) -> tuple[int, ...]:
    """Return what is kept of a row, in order of time: all of it where it fits."""
    if len(recent) <= MOST_ENTRIES:
        return tuple(recent)
    kept = {at for at, number in enumerate(recent) if number >> 16 & SECONDS > now_seconds}
    for rule, surface in _counted_apart(recent, bounds):
        kept.update(_newest(recent, rule, surface, now_seconds))
    return tuple(recent[at] for at in sorted(kept))


def _counted_apart(recent: Sequence[int], bounds: Bounds) -> list[tuple[CapRule, int]]:
    """Name every surface that some cap counts by itself, the shop's ceiling among them."""
    marks = {number >> 8 & 0xFF for number in recent}
    offers = [mark for mark in marks if mark >> 4 == KIND_CODES[Kind.MARKETING]]
    rules = [*(ceiling(bounds.cap.most, mark).rule for mark in offers), *bounds.caps.rules]
    return [
        (rule, surface)
        for rule in rules
        for surface in ((INBOX, BELL) if rule.limit.surface == EVERYTHING else (rule.limit.mask,))
    ]


def _newest(recent: Sequence[int], rule: CapRule, surface: int, now_seconds: int) -> list[int]:
    """Return the places of the newest of the past that a cap counts; two may be the same number."""
    past = [
        at
        for at, number in enumerate(recent)
        if number >> 16 & SECONDS <= now_seconds
        and number & surface
        and number >> 8 & 0xFF in rule.counts
    ]
    return past[max(0, len(past) - rule.limit.most) :]
