"""Escalation: a notice rings on few channels first, and on another only while nobody has seen it.

A step is planned only where something else reaches the person at once; else nothing is kept back.
What is kept back is decided again when its time has come, by the same rules as everything.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from app.hub.question import Channels, Question
from app.hub.routing import waits_for

RULE = "escalation"  #: as traces name it


class Later(NamedTuple):
    """One channel of a notice that rings only if it was not seen for so many minutes."""

    notice: str
    channel: str
    minutes: int


def kept_back(question: Question, channels: Channels) -> tuple[Later, ...]:
    """Return the channels that wait to be needed, soonest first; none where no other would ring."""
    notice = question.notice
    if notice.is_gathered:
        return ()
    later = [
        one
        for one in map(Later._make, question.bounds.escalations)
        if one.notice == notice.name and one.channel in channels
    ]
    later += [Later(notice.name, *one) for one in waits_for(question, channels)]
    back = {one.channel for one in later}
    if all(channel in back for channel in channels):
        return ()
    return tuple(sorted(later, key=lambda one: (one.minutes, one.channel)))


def due_at(one: Later, decided_at: datetime) -> datetime:
    """Return when a channel rings unless the news was seen by then."""
    return decided_at + timedelta(minutes=one.minutes)
