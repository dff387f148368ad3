"""The cap: how many marketing messages a person may get in any rolling window.

Counted apart, each exactly: inbox lines, which arrive at once, and bells, which may wait for the
morning. A held bell counts at the time it will ring, so windows that end later are looked at too.
Two messages are in one window unless more than its length lies between them, to the second: the
rounding errs towards fewer bells.
"""

from collections.abc import Sequence
from datetime import datetime

from app.hub.pressure import BELL, CATEGORY_CODES, INBOX, mask, seconds_of
from app.hub.question import Channels, Finding, Question, passed, skipped
from app.hub.quiet_hours import plan
from app.hub.verdict import Because


def cap(question: Question, channels: Channels) -> Finding:
    """Refuse a marketing message that would be one too many; other kinds neither count nor obey."""
    notice, bounds = question.notice, question.bounds
    if not notice.is_capped:
        return passed(channels, {})
    window_seconds = int(bounds.cap.window.total_seconds())
    fullest = 0
    for surface, moment in _arrivals(question, channels):
        heard_at = _heard(question.pressure, surface, CATEGORY_CODES[notice.category])
        fullest = max(fullest, fullest_window(heard_at, seconds_of(moment), window_seconds))
    inputs = {"heard": fullest, "most": bounds.cap.most, "window_seconds": window_seconds}
    if fullest >= bounds.cap.most:
        return skipped(inputs, Because.CAP_REACHED)
    return passed(channels, inputs)


def fullest_window(heard_at: Sequence[int], arrival: int, window_seconds: int) -> int:
    """Count what the fullest window around an arrival already holds (all in seconds).

    Only windows that end at the arrival or at something heard after it can be the fullest.
    """
    near = [at for at in heard_at if abs(at - arrival) <= window_seconds]
    ends = [arrival, *(at for at in near if at > arrival)]
    return max(sum(end - window_seconds <= at <= end for at in near) for end in ends)


def _arrivals(question: Question, channels: Channels) -> list[tuple[int, datetime]]:
    now, bits = question.now, mask(channels)
    arrivals = [(INBOX, now)] if bits & INBOX else []
    if bits & BELL:
        planned = plan(question, channels)
        if mask(planned.at_once) & BELL:
            arrivals.append((BELL, now))
        if planned.until is not None:
            arrivals.append((BELL, planned.until))
    return arrivals


def _heard(pressure: Sequence[int], surface: int, category: int) -> list[int]:
    return [
        number >> 16 for number in pressure if number & surface and number >> 8 & 0xFF == category
    ]
