"""How old the oldest untold news was, second by second. Pure.

Nothing samples: every row's id carries the machine time it was written at, so the last minute can
be read back exactly, by any process, however many of them had died meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Span:
    """News that began to wait at `started` and was told at `ended`; None while it still waits.

    Of many that ended in the same second the one that waited longest stands for all. Seconds since
    1970.
    """

    is_bulk: bool
    started: float
    ended: float | None


def ages(spans: Iterable[Span], *, until: float, seconds: int) -> Sequence[float]:
    """Return for each of the last so many seconds how long the oldest untold news had waited."""
    known = list(spans)
    return [_age(known, until - before) for before in range(seconds - 1, -1, -1)]


def _age(spans: Iterable[Span], at: float) -> float:
    waiting = [
        span.started
        for span in spans
        if span.started <= at and (span.ended is None or span.ended > at)
    ]
    return at - min(waiting) if waiting else 0.0
